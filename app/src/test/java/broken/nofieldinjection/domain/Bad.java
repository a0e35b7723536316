package broken.nofieldinjection.domain;

import com.google.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Breaks the rule that it is named after. */
final class Bad {
  @Inject private @Nullable String name;

  @Nullable String name() {
    return name;
  }
}
