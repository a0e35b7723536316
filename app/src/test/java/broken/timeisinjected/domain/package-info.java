@NullMarked
package broken.timeisinjected.domain;

import org.jspecify.annotations.NullMarked;
