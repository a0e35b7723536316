@NullMarked
package broken.jdbihasonehome.sender;

import org.jspecify.annotations.NullMarked;
