@NullMarked
package broken.namessaywhatathingis.domain;

import org.jspecify.annotations.NullMarked;
