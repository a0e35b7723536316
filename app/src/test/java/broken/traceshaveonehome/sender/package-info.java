@NullMarked
package broken.traceshaveonehome.sender;

import org.jspecify.annotations.NullMarked;
