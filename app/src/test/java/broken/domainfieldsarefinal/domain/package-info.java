@NullMarked
package broken.domainfieldsarefinal.domain;

import org.jspecify.annotations.NullMarked;
