package dev.feedbackwebhooks.persistence.stored;

import java.util.List;

/** Arrays of text as PostgreSQL writes them, for arrays of arrays of different lengths. */
public final class TextArray {
  private TextArray() {}

  /** Such as <code>{"a","b \"c\""}</code>. */
  public static String of(List<String> elements) {
    StringBuilder array = new StringBuilder("{");
    for (String element : elements) {
      array.append(array.length() == 1 ? "\"" : ",\"");
      for (int i = 0; i < element.length(); i++) {
        char c = element.charAt(i);
        if (c == '"' || c == '\\') {
          array.append('\\');
        }
        array.append(c);
      }
      array.append('"');
    }
    return array.append('}').toString();
  }
}
