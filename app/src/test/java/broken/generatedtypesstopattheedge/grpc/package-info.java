@NullMarked
package broken.generatedtypesstopattheedge.grpc;

import org.jspecify.annotations.NullMarked;
