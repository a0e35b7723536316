package dev.feedbackwebhooks.domain.audit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field that changed.
 *
 * @param field its path as the API spells it
 * @param before null if it was not set
 * @param after null if it is not set any more
 */
public record FieldChange(String field, @Nullable FieldValue before, @Nullable FieldValue after) {

  /** Every field that differs: those that were there first, then the new ones. */
  public static List<FieldChange> between(
      Map<String, FieldValue> before, Map<String, FieldValue> after) {
    Set<String> fields = new LinkedHashSet<>(before.keySet());
    fields.addAll(after.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String field : fields) {
      FieldValue old = before.get(field);
      FieldValue now = after.get(field);
      if (!Objects.equals(old, now)) {
        changes.add(new FieldChange(field, old, now));
      }
    }
    return changes;
  }
}
