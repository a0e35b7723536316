@NullMarked
package broken.clientsknowonlytheapi.domain;

import org.jspecify.annotations.NullMarked;
