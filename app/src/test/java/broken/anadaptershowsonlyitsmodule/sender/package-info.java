@NullMarked
package broken.anadaptershowsonlyitsmodule.sender;

import org.jspecify.annotations.NullMarked;
