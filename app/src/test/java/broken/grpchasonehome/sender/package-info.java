@NullMarked
package broken.grpchasonehome.sender;

import org.jspecify.annotations.NullMarked;
