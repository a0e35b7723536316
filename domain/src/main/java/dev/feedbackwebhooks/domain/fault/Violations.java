package dev.feedbackwebhooks.domain.fault;

import java.util.ArrayList;
import java.util.List;

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
   * Requires a part of a resource name: 1 to 128 characters, no slash, white space or control
   * character, and not the wildcard "-".
   */
  public boolean resourceId(String field, String value) {
    return length(field, value, 1, 128)
        && require(
            !value.equals("-") && value.codePoints().noneMatch(Violations::breaksResourceName),
            field,
            "may hold no '/', white space or control character, and may not be '-'");
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
    return c == '/'
        || Character.isISOControl(c)
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c);
  }
}
