@NullMarked
package broken.nofieldinjection.domain;

import org.jspecify.annotations.NullMarked;
