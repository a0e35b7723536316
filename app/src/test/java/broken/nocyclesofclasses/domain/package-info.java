@NullMarked
package broken.nocyclesofclasses.domain;

import org.jspecify.annotations.NullMarked;
