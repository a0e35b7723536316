package dev.feedbackwebhooks.sender;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A text with one kind of escapes undone, which knows where each of its chars stood. */
final class Unescaped {
  private static final Pattern JSON = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|([\"\\\\/bfnrt]))");
  private static final Pattern PERCENT = Pattern.compile("%([0-9a-fA-F]{2})");
  private static final Pattern FORM = Pattern.compile("%([0-9a-fA-F]{2})|(\\+)");
  private static final Pattern HTML =
      Pattern.compile(
          "&(?:#[xX]0{0,64}([0-9a-fA-F]{1,4})|#0{0,64}([0-9]{1,5})|(amp|lt|gt|quot|apos|sol|bsol|plus|equals));?");
  private static final Map<String, String> NAMED =
      Map.of(
          "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "sol", "/", "bsol", "\\",
          "plus", "+", "equals", "=");

  private final String text;

  /** Where each char began in the original, and where the last one ended. */
  private final int[] from;

  private Unescaped(String text, int[] from) {
    this.text = text;
    this.from = from;
  }

  static Unescaped none(String text) {
    int[] from = new int[text.length() + 1];
    for (int i = 0; i < from.length; i++) {
      from[i] = i;
    }
    return new Unescaped(text, from);
  }

  String text() {
    return text;
  }

  /** Where the char at an index began in the original. */
  int from(int index) {
    return from[index];
  }

  /** This text with the escapes of each kind undone that stand in it. */
  List<Unescaped> further() {
    return List.of(JSON, PERCENT, FORM, HTML).stream()
        .filter(kind -> kind.matcher(text).find())
        .map(this::without)
        .toList();
  }

  private Unescaped without(Pattern kind) {
    StringBuilder plain = new StringBuilder(text.length());
    int[] starts = new int[text.length() + 1];
    int at = 0;
    for (MatchResult escape : kind.matcher(text).results().toList()) {
      at = copy(at, escape.start(), plain, starts);
      starts[plain.length()] = from[at];
      plain.append(meant(kind, escape));
      at = escape.end();
    }
    at = copy(at, text.length(), plain, starts);
    starts[plain.length()] = from[at];
    return new Unescaped(plain.toString(), starts);
  }

  private int copy(int at, int end, StringBuilder plain, int[] starts) {
    for (int i = at; i < end; i++) {
      starts[plain.length()] = from[i];
      plain.append(text.charAt(i));
    }
    return end;
  }

  private static char meant(Pattern kind, MatchResult escape) {
    if (escape.group(1) != null) {
      return (char) Integer.parseInt(escape.group(1), 16);
    }
    String other = escape.group(2);
    if (kind == FORM) {
      return ' ';
    }
    if (kind == HTML) {
      return other == null
          ? NAMED.getOrDefault(escape.group(3), "&").charAt(0)
          : (char) Integer.parseInt(other);
    }
    int control = "bfnrt".indexOf(other);
    return control < 0 ? other.charAt(0) : "\b\f\n\r\t".charAt(control);
  }
}
