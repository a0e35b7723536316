@NullMarked
package broken.nostandardstreams.domain;

import org.jspecify.annotations.NullMarked;
