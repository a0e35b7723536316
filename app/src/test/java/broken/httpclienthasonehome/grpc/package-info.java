@NullMarked
package broken.httpclienthasonehome.grpc;

import org.jspecify.annotations.NullMarked;
