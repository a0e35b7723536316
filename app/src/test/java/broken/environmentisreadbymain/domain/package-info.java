@NullMarked
package broken.environmentisreadbymain.domain;

import org.jspecify.annotations.NullMarked;
