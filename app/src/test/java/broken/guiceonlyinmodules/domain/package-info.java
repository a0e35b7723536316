@NullMarked
package broken.guiceonlyinmodules.domain;

import org.jspecify.annotations.NullMarked;
