package dev.feedbackwebhooks.sender.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.masking.SecretMask;
import dev.feedbackwebhooks.sender.signing.StandardSignature;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is the same in every request of one version of a configuration, rendered once; each request
 * appends what is its own.
 */
final class RequestHead {
  private static final int HTTPS_PORT = 443;
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString JSON = AsciiString.cached("application/json; charset=utf-8");
  private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
  private static final AsciiString WEBHOOK_ID = AsciiString.cached("webhook-id");
  private static final AsciiString WEBHOOK_TIMESTAMP = AsciiString.cached("webhook-timestamp");
  private static final AsciiString WEBHOOK_ATTEMPT = AsciiString.cached("webhook-attempt");
  private static final AsciiString WEBHOOK_SIGNATURE = AsciiString.cached("webhook-signature");
  private static final AsciiString WEBHOOK_TEST = AsciiString.cached("webhook-test");
  private static final AsciiString WEBHOOK_REPLAY = AsciiString.cached("webhook-replay");
  private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

  /** Room for the headers that each request appends, without its token. */
  private static final int USUAL_REST = 160;

  private final WebhookConfig config;
  private final AsciiString target;
  private final AsciiString authority;
  private final List<Field> fields;
  private final byte[] http1;
  private final List<HeaderField> shown;
  private final SecretMask mask;
  private final @Nullable StandardSignature signature;

  /** Whether the customer's own traceparent is sent, which is a header like others. */
  private final boolean tracedByCustomer;

  private record Field(AsciiString name, AsciiString value) {}

  private RequestHead(WebhookConfig config, List<Field> fields) {
    this.config = config;
    this.target = new AsciiString(checked(config.url().target(), ' ' + 1));
    this.authority = new AsciiString(checked(authority(config.url()), ' ' + 1));
    this.fields = fields;
    this.http1 = render();
    this.shown = shown();
    this.mask = SecretMask.of(config.headers());
    this.signature = StandardSignature.of(config.terms().signing());
    this.tracedByCustomer =
        fields.stream().anyMatch(field -> field.name().contentEqualsIgnoreCase(TRACEPARENT));
  }

  static RequestHead of(WebhookConfig config, String userAgent) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(CONTENT_TYPE, JSON));
    fields.add(new Field(USER_AGENT, new AsciiString(checked(userAgent, ' '))));
    for (HeaderParameter header : config.headers()) {
      fields.add(field(header));
    }
    return new RequestHead(config, fields);
  }

  private static Field field(HeaderParameter header) {
    if (header.name().isEmpty() || header.name().contains(":")) {
      throw unfit();
    }
    return new Field(
        new AsciiString(checked(header.name(), ' ' + 1)),
        new AsciiString(checked(header.value().revealText(), ' ')));
  }

  /** Whether it was rendered of this very object; configurations never change. */
  @SuppressWarnings("ReferenceEquality") // To compare every header would cost more than it saves.
  boolean isOf(WebhookConfig other) {
    return config == other;
  }

  /** As RFC 9110 section 7.2 has it: an IPv6 address in brackets, no port where it is the usual. */
  private static String authority(EndpointUrl url) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    return url.port() == HTTPS_PORT ? host : host + ":" + url.port();
  }

  private List<HeaderField> shown() {
    Set<String> sensitive =
        config.headers().stream()
            .filter(SecretMask::isSecret)
            .map(HeaderParameter::name)
            .collect(Collectors.toSet());
    List<HeaderField> lines = new ArrayList<>();
    lines.add(new HeaderField("host", authority.toString(), false));
    for (Field field : fields) {
      String name = field.name().toString();
      boolean masked = sensitive.contains(name);
      lines.add(new HeaderField(name, masked ? "" : field.value().toString(), masked));
    }
    return lines;
  }

  /** The head of a request for people, without what is secret in it. */
  List<HeaderField> shown(Request request) {
    List<HeaderField> lines = new ArrayList<>(shown.size() + 5);
    lines.addAll(shown);
    lines.add(line(WEBHOOK_ID, request.post().id().text()));
    lines.add(line(WEBHOOK_TIMESTAMP, Long.toString(request.timestamp())));
    lines.add(line(WEBHOOK_ATTEMPT, Integer.toString(request.post().attempt())));
    if (request.authorization() != null) {
      lines.add(new HeaderField(AUTHORIZATION.toString(), "", true));
    }
    if (request.signature() != null) {
      lines.add(new HeaderField(WEBHOOK_SIGNATURE.toString(), "", true));
    }
    switch (request.post().purpose()) {
      case SendReason.Feedback _ -> {}
      case SendReason.Test _ -> lines.add(line(WEBHOOK_TEST, "true"));
      case SendReason.Replay(String replay) -> lines.add(line(WEBHOOK_REPLAY, replay));
    }
    String trace = trace(request);
    if (trace != null) {
      lines.add(line(TRACEPARENT, trace));
    }
    lines.add(line(CONTENT_LENGTH, Integer.toString(request.body().length)));
    return lines;
  }

  /** The value of traceparent; null where none is to be sent. */
  private @Nullable String trace(Request request) {
    TraceParent trace = tracedByCustomer ? null : request.post().payload().trace();
    return trace == null ? null : trace.text();
  }

  private static HeaderField line(AsciiString name, String value) {
    return new HeaderField(name.toString(), value, false);
  }

  /** Whether {@link #sign} takes so long that it is no work for an event loop. */
  boolean isSignedByPrivateKey() {
    return signature != null && signature.usesPrivateKey();
  }

  /** The value of webhook-signature; null where none is wanted. */
  @Nullable String sign(Post post, long timestamp) {
    return signature == null
        ? null
        : signature.of(post.id().text(), timestamp, post.payload().bytes());
  }

  /** What takes the secrets of these requests out of what came back. */
  SecretMask mask() {
    return mask;
  }

  private byte[] render() {
    StringBuilder text = new StringBuilder(256);
    text.append("POST ").append(target).append(" HTTP/1.1\r\nhost: ").append(authority);
    for (Field field : fields) {
      text.append("\r\n").append(field.name()).append(": ").append(field.value());
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  /** The whole request, head and body in one piece: one TLS record, one write. */
  ByteBuf http1(Request request, ByteBufAllocator allocator) {
    String token = request.authorization();
    byte[] body = request.body();
    int size = http1.length + USUAL_REST + (token == null ? 0 : token.length()) + body.length;
    ByteBuf out = allocator.directBuffer(size).writeBytes(http1);
    append(out, WEBHOOK_ID, request.post().id().text());
    append(out, WEBHOOK_TIMESTAMP, Long.toString(request.timestamp()));
    append(out, WEBHOOK_ATTEMPT, Integer.toString(request.post().attempt()));
    if (token != null) {
      append(out, AUTHORIZATION, checked(token, ' '));
    }
    if (request.signature() != null) {
      append(out, WEBHOOK_SIGNATURE, request.signature());
    }
    switch (request.post().purpose()) {
      case SendReason.Feedback _ -> {}
      case SendReason.Test _ -> append(out, WEBHOOK_TEST, "true");
      case SendReason.Replay(String replay) -> append(out, WEBHOOK_REPLAY, replay);
    }
    String trace = trace(request);
    if (trace != null) {
      append(out, TRACEPARENT, trace);
    }
    append(out, CONTENT_LENGTH, Integer.toString(body.length));
    return out.writeBytes(CRLF).writeBytes(body);
  }

  private static final byte[] CRLF = {'\r', '\n'};

  private static void append(ByteBuf out, AsciiString name, String value) {
    out.writeBytes(name.array(), name.arrayOffset(), name.length()).writeByte(':').writeByte(' ');
    out.writeCharSequence(value, ISO_8859_1);
    out.writeBytes(CRLF);
  }

  Http2Headers http2(Request request) {
    Http2Headers headers = new DefaultHttp2Headers(false, 2 * (fields.size() + 10));
    headers.method("POST").scheme("https").authority(authority).path(target);
    for (Field field : fields) {
      headers.add(field.name().toLowerCase(), field.value());
    }
    headers.add(WEBHOOK_ID, request.post().id().text());
    headers.add(WEBHOOK_TIMESTAMP, Long.toString(request.timestamp()));
    headers.add(WEBHOOK_ATTEMPT, Integer.toString(request.post().attempt()));
    if (request.authorization() != null) {
      headers.add(AUTHORIZATION, checked(request.authorization(), ' '));
    }
    if (request.signature() != null) {
      headers.add(WEBHOOK_SIGNATURE, request.signature());
    }
    switch (request.post().purpose()) {
      case SendReason.Feedback _ -> {}
      case SendReason.Test _ -> headers.add(WEBHOOK_TEST, "true");
      case SendReason.Replay(String replay) -> headers.add(WEBHOOK_REPLAY, replay);
    }
    String trace = trace(request);
    if (trace != null) {
      headers.add(TRACEPARENT, trace);
    }
    return headers.add(CONTENT_LENGTH, Integer.toString(request.body().length));
  }

  /**
   * The text, if it can stand in a head. The domain's rules have seen to that; but a line break
   * that came through would let a customer write our requests, so it is looked for once more.
   */
  private static String checked(String text, int least) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < least && c != '\t') || c >= 0x7f) {
        throw unfit();
      }
    }
    return text;
  }

  private static ExchangeException unfit() {
    return new ExchangeException(
        AttemptFailure.INTERNAL, "the configuration has a header that cannot be sent", null);
  }
}
