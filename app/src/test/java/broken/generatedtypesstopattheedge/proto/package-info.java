@NullMarked
package broken.generatedtypesstopattheedge.proto;

import org.jspecify.annotations.NullMarked;
