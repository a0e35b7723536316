@NullMarked
package broken.nogenericexceptions.domain;

import org.jspecify.annotations.NullMarked;
