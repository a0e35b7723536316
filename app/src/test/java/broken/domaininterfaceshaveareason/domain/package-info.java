@NullMarked
package broken.domaininterfaceshaveareason.domain;

import org.jspecify.annotations.NullMarked;
