@NullMarked
package broken.domainneedsonlythejdk.domain;

import org.jspecify.annotations.NullMarked;
