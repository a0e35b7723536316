package dev.feedbackwebhooks.cli.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * One of a terminal's two outputs. Whatever is shown on it passes through here, since most of it
 * was written by somebody else: characters that steer a terminal, or turn the order of what is
 * read, are shown as a dot, and escaped in JSON.
 */
public final class TerminalOutput {
  /** The message where an output cannot be written. */
  public static final String LOST =
      "the output cannot be written: is a disk full, or its reader gone?";

  private static final String DOT = "\u00b7";

  private final PrintStream stream;
  private final boolean needed;

  /**
   * @param needed whether a command fails that cannot write to it
   */
  TerminalOutput(PrintStream stream, boolean needed) {
    this.stream = stream;
    this.needed = needed;
  }

  /** Whether a character is seen, and does nothing else. */
  private static boolean isShown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** A text as it is shown. */
  static String shown(String text) {
    return text.codePoints()
        .mapToObj(each -> isShown(each) ? Character.toString(each) : DOT)
        .collect(Collectors.joining());
  }

  /** The same JSON without such characters, which stand in its strings only. */
  private static String escaped(String json) {
    StringBuilder text = new StringBuilder();
    json.codePoints()
        .forEach(each -> {
          if (isShown(each) || each == '\n') {
            text.appendCodePoint(each);
          } else {
            for (char part : Character.toChars(each)) {
              text.append("\\u%04x".formatted((int) part));
            }
          }
        });
    return text.toString();
  }

  /** Shows a line. */
  public void println(String line) {
    write(shown(line) + System.lineSeparator());
  }

  /** Ends a line. */
  void println() {
    println("");
  }

  /** Shows JSON. */
  public void json(String json) {
    write(escaped(json) + System.lineSeparator());
  }

  /** Shows a text of our own, which may steer the terminal. */
  public void control(String text) {
    write(text);
  }

  private void write(String text) {
    stream.print(text);
    if (stream.checkError() && needed) {
      throw new OutputLostException();
    }
  }

  /** For help and for what is wrong with a command line. */
  public PrintWriter writer() {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
