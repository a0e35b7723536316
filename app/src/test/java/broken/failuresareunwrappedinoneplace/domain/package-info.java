@NullMarked
package broken.failuresareunwrappedinoneplace.domain;

import org.jspecify.annotations.NullMarked;
