@NullMarked
package broken.metricshaveonehome.sender;

import org.jspecify.annotations.NullMarked;
