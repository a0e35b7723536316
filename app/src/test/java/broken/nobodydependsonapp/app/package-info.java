@NullMarked
package broken.nobodydependsonapp.app;

import org.jspecify.annotations.NullMarked;
