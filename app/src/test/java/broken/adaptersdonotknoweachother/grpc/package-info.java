@NullMarked
package broken.adaptersdonotknoweachother.grpc;

import org.jspecify.annotations.NullMarked;
