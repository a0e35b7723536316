package dev.feedbackwebhooks.domain.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A traceparent: a trace's id, that of the span it is done for, and whether it is recorded (W3C
 * Trace Context, version 00).
 *
 * @param text as a {@code traceparent} header has it: 55 characters
 */
public record TraceParent(String text) {
  private static final String FORM = "00-tttttttttttttttttttttttttttttttt-ssssssssssssssss-ff";
  private static final int TRACE_ID = 3;
  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;

  /**
   * @throws IllegalArgumentException if the text is none
   */
  public TraceParent {
    if (!isOne(text)) {
      throw new IllegalArgumentException("no traceparent");
    }
  }

  /**
   * The traceparent that a caller gave; null if it is none, which the standard has ignored and not
   * refused.
   */
  public static @Nullable TraceParent ifValid(String text) {
    return isOne(text) ? new TraceParent(text) : null;
  }

  private static boolean isOne(String text) {
    if (text.length() != FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char form = FORM.charAt(i);
      char c = text.charAt(i);
      if (form >= 'f' ? !isHex(c) : c != form) {
        return false;
      }
    }
    return isNotZero(text, TRACE_ID, SPAN_ID - 1) && isNotZero(text, SPAN_ID, FLAGS - 1);
  }

  /** In lower case, as the standard has it. */
  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  private static boolean isNotZero(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  /** 32 hexadecimal digits. */
  public String traceId() {
    return text.substring(TRACE_ID, SPAN_ID - 1);
  }

  /** 16 hexadecimal digits. */
  public String spanId() {
    return text.substring(SPAN_ID, FLAGS - 1);
  }

  /** Whether its spans are recorded by who began it. */
  public boolean sampled() {
    return (Character.digit(text.charAt(FLAGS + 1), 16) & 1) == 1;
  }
}
