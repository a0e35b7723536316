package dev.feedbackwebhooks.domain.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Collects every broken rule of one request, so that its sender can mend all of them at once. */
public final class Violations {
  /** Who breaks so many rules learns of the rest when these are mended. */
  private static final int MOST = 50;

  private final List<Violation> found = new ArrayList<>();

  public void add(String field, String description) {
    if (found.size() < MOST) {
      found.add(new Violation(field, description));
    }
  }

  /** Adds a violation unless {@code kept}; answers {@code kept}. */
  public boolean require(boolean kept, String field, String description) {
    if (!kept) {
      add(field, description);
    }
    return kept;
  }

  /** Requires {@code min} to {@code max} characters (Unicode code points). */
  public boolean length(String field, String value, int min, int max) {
    int length = value.codePointCount(0, value.length());
    if (length < min && length == 0) {
      return require(false, field, "is required: give " + min + " to " + max + " characters");
    }
    return require(
        length >= min && length <= max,
        field,
        "has " + length + " characters: give " + min + " to " + max);
  }

  /**
   * Requires a part of a resource name: 1 to 128 characters, no slash, white space, control or
   * format character, and not the wildcard "-".
   */
  public boolean resourceId(String field, String value) {
    return length(field, value, 1, 128)
        && plain(field, value)
        && require(
            !value.equals("-") && value.codePoints().noneMatch(Violations::breaksResourceName),
            field,
            "may hold no '/' or white space, and may not be '-'");
  }

  /** {@link #resourceId} of a part of the name that the field holds. */
  public boolean resourceId(String field, String part, String value) {
    Violations ofPart = new Violations();
    ofPart.resourceId(field, value);
    ofPart.all().forEach(each -> add(field, "its " + part + " " + each.description()));
    return ofPart.none();
  }

  /**
   * Requires characters that show what they are: a control, or a format character such as U+202E,
   * which turns the text around, makes a name look like another one, and some move a terminal.
   */
  public boolean plain(String field, String value) {
    OptionalInt bad = firstNotPlain(value);
    if (bad.isPresent()) {
      add(
          field,
          "has U+%04X: may hold no control, format or line separator character"
              .formatted(bad.getAsInt()));
    }
    return bad.isEmpty();
  }

  /** The first character that {@link #plain} refuses. */
  public static OptionalInt firstNotPlain(String value) {
    return value
        .codePoints()
        .filter(c ->
            switch (Character.getType(c)) {
              case Character.CONTROL,
                  Character.FORMAT,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR,
                  Character.SURROGATE ->
                  true;
              default -> false;
            })
        .findFirst();
  }

  /** Whether nothing was found so far. */
  public boolean none() {
    return found.isEmpty();
  }

  public List<Violation> all() {
    return List.copyOf(found);
  }

  /**
   * @throws Fault.InvalidFields if anything was found
   */
  public void refuseIfAny() {
    if (!none()) {
      throw new Fault.InvalidFields(all());
    }
  }

  private static boolean breaksResourceName(int c) {
    return c == '/' || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
