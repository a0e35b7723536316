package broken.httpclienthasonehome.grpc;

import io.netty.channel.Channel;

/** Breaks the rule that it is named after. */
record Bad(Channel channel) {}
