@NullMarked
package broken.nocycles.domain.one;

import org.jspecify.annotations.NullMarked;
