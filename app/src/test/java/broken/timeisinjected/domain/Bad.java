package broken.timeisinjected.domain;

import java.time.Instant;

/** Breaks the rule that it is named after. */
final class Bad {
  Instant now() {
    return Instant.now();
  }
}
