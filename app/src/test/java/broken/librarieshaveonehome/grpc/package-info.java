@NullMarked
package broken.librarieshaveonehome.grpc;

import org.jspecify.annotations.NullMarked;
