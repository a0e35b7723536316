package dev.feedbackwebhooks.persistence;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom an event is about, as a row has it: a JSON array, which SQLite looks into as well. */
final class Recipients {
  private static final JsonMapper JSON = new JsonMapper();

  private Recipients() {}

  static String write(List<String> identities) {
    try {
      return JSON.writeValueAsString(identities);
    } catch (JacksonException e) {
      throw new IllegalStateException("texts can always be written", e);
    }
  }

  static List<String> read(@Nullable String row) {
    try {
      return row == null ? List.of() : List.of(JSON.readValue(row, String[].class));
    } catch (JacksonException e) {
      throw new IllegalStateException("recipients in the database cannot be read", e);
    }
  }
}
