@NullMarked
package broken.clientsknowonlytheapi.cli;

import org.jspecify.annotations.NullMarked;
