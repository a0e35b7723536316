@NullMarked
package broken.nobodydependsonapp.domain;

import org.jspecify.annotations.NullMarked;
