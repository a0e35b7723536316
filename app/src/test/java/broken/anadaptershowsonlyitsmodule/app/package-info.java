@NullMarked
package broken.anadaptershowsonlyitsmodule.app;

import org.jspecify.annotations.NullMarked;
