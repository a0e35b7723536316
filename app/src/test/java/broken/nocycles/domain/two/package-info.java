@NullMarked
package broken.nocycles.domain.two;

import org.jspecify.annotations.NullMarked;
