package dev.feedbackwebhooks.persistence.stored;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom an event is about, as a row has it: a JSON array, which SQLite looks into as well. */
public final class Recipients {
  private static final JsonMapper JSON = new JsonMapper();

  private static final JsonStringEncoder QUOTED = JsonStringEncoder.getInstance();

  private Recipients() {}

  public static String write(List<String> identities) {
    StringBuilder row = new StringBuilder("[");
    for (String identity : identities) {
      row.append(row.length() == 1 ? "\"" : ",\"");
      QUOTED.quoteAsString(identity, row);
      row.append('"');
    }
    return row.append(']').toString();
  }

  public static List<String> read(@Nullable String row) {
    try {
      return row == null ? List.of() : List.of(JSON.readValue(row, String[].class));
    } catch (JacksonException e) {
      throw new IllegalStateException("recipients in the database cannot be read", e);
    }
  }
}
