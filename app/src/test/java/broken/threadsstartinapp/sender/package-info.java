@NullMarked
package broken.threadsstartinapp.sender;

import org.jspecify.annotations.NullMarked;
