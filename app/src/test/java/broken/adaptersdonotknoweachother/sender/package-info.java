@NullMarked
package broken.adaptersdonotknoweachother.sender;

import org.jspecify.annotations.NullMarked;
