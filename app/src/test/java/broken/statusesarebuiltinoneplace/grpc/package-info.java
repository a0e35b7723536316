@NullMarked
package broken.statusesarebuiltinoneplace.grpc;

import org.jspecify.annotations.NullMarked;
