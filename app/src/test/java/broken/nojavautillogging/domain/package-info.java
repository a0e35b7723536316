@NullMarked
package broken.nojavautillogging.domain;

import org.jspecify.annotations.NullMarked;
