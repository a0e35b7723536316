package dev.feedbackwebhooks.sender.masking;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * A text as it reads once something in it is decoded: escapes (JSON, percent, HTML) or digits
 * (Base64, hexadecimal). Each character knows where in the first text it came from.
 */
final class DecodedText {
  /** The names that HTML's encoders use for ASCII. */
  private static final Map<String, Character> ENTITIES =
      Map.ofEntries(
          Map.entry("quot", '"'),
          Map.entry("amp", '&'),
          Map.entry("apos", '\''),
          Map.entry("lt", '<'),
          Map.entry("gt", '>'),
          Map.entry("sol", '/'),
          Map.entry("bsol", '\\'),
          Map.entry("plus", '+'),
          Map.entry("equals", '='),
          Map.entry("num", '#'),
          Map.entry("percnt", '%'),
          Map.entry("colon", ':'),
          Map.entry("semi", ';'),
          Map.entry("comma", ','),
          Map.entry("period", '.'),
          Map.entry("excl", '!'),
          Map.entry("quest", '?'),
          Map.entry("commat", '@'),
          Map.entry("dollar", '$'),
          Map.entry("ast", '*'),
          Map.entry("lpar", '('),
          Map.entry("rpar", ')'),
          Map.entry("lsqb", '['),
          Map.entry("rsqb", ']'),
          Map.entry("lcub", '{'),
          Map.entry("rcub", '}'),
          Map.entry("lowbar", '_'),
          Map.entry("Hat", '^'),
          Map.entry("grave", '`'),
          Map.entry("verbar", '|'),
          Map.entry("nbsp", ' '),
          Map.entry("Tab", '\t'));

  private static final int LONGEST_ENTITY = 16;
  private static final String JSON_ESCAPES = "\"\\/'bfnrt";
  private static final String JSON_ESCAPED = "\"\\/'\b\f\n\r\t";

  private final String text;
  private final int[] starts;
  private final int[] ends;

  private DecodedText(String text, int[] starts, int[] ends) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  static DecodedText of(String source) {
    int[] starts = new int[source.length()];
    int[] ends = new int[source.length()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i;
      ends[i] = i + 1;
    }
    return new DecodedText(source, starts, ends);
  }

  String text() {
    return text;
  }

  /** Marks where in the first text these characters came from. */
  void mark(int from, int length, BitSet marks) {
    marks.set(starts[from], ends[from + length - 1]);
  }

  /** Collects the characters of a text that is decoded from this one. */
  private final class Result {
    private final StringBuilder decoded = new StringBuilder(text.length());
    private final int[] from = new int[text.length()];
    private final int[] to = new int[text.length()];

    void add(char c, int first, int last) {
      from[decoded.length()] = starts[first];
      to[decoded.length()] = ends[last];
      decoded.append(c);
    }

    DecodedText end() {
      return new DecodedText(decoded.toString(), from, to);
    }
  }

  /** The ways in which single characters are written in others. */
  enum Escapes {
    JSON('\\'),
    PERCENT('%'),
    HTML('&');

    private final char first;

    Escapes(char first) {
      this.first = first;
    }
  }

  /** Without the escapes of one kind; itself where there are none. */
  DecodedText without(Escapes kind) {
    if (text.indexOf(kind.first) < 0) {
      return this;
    }
    Result result = new Result();
    boolean changed = false;
    int at = 0;
    while (at < text.length()) {
      Escape escape = text.charAt(at) == kind.first ? escape(kind, at) : Escape.NONE;
      changed |= escape.length() > 0;
      int length = Math.max(1, escape.length());
      result.add(escape.length() > 0 ? escape.value() : text.charAt(at), at, at + length - 1);
      at += length;
    }
    return changed ? result.end() : this;
  }

  private Escape escape(Escapes kind, int at) {
    return switch (kind) {
      case JSON -> json(at);
      case PERCENT -> hex(at + 1, 2, 3);
      case HTML -> entity(at);
    };
  }

  /**
   * @param length 0: it is none
   */
  private record Escape(char value, int length) {
    static final Escape NONE = new Escape(' ', 0);
  }

  private Escape json(int at) {
    if (at + 1 >= text.length()) {
      return Escape.NONE;
    }
    char kind = text.charAt(at + 1);
    if (kind == 'u') {
      return hex(at + 2, 4, 6);
    }
    if (kind == 'x') {
      return hex(at + 2, 2, 4);
    }
    int known = JSON_ESCAPES.indexOf(kind);
    return known < 0 ? Escape.NONE : new Escape(JSON_ESCAPED.charAt(known), 2);
  }

  private Escape hex(int from, int digits, int length) {
    if (from + digits > text.length()) {
      return Escape.NONE;
    }
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Digits.HEX.value(text.charAt(i));
      if (digit < 0) {
        return Escape.NONE;
      }
      value = value << 4 | digit;
    }
    return new Escape((char) value, length);
  }

  private Escape entity(int at) {
    int end = at + 1;
    while (end < text.length() && end - at < LONGEST_ENTITY && isOfEntity(text.charAt(end))) {
      end++;
    }
    if (end == text.length() || text.charAt(end) != ';') {
      return Escape.NONE;
    }
    String name = text.substring(at + 1, end);
    int length = end - at + 1;
    Character known = ENTITIES.get(name);
    if (known != null) {
      return new Escape(known, length);
    }
    boolean hex = name.startsWith("#x") || name.startsWith("#X");
    String digits = name.startsWith("#") ? name.substring(hex ? 2 : 1) : "";
    try {
      int value = Integer.parseInt(digits, hex ? 16 : 10);
      return value > Character.MAX_VALUE ? Escape.NONE : new Escape((char) value, length);
    } catch (NumberFormatException _) {
      return Escape.NONE;
    }
  }

  private static boolean isOfEntity(char c) {
    return c == '#' || (c < 128 && Character.isLetterOrDigit(c));
  }

  /**
   * The texts that digits in a row may stand for, one for each place at which their first byte may
   * begin.
   *
   * @param least bytes that are worth a look
   */
  List<DecodedText> decoded(Digits digits, int least) {
    List<DecodedText> all = new ArrayList<>();
    int[] row = new int[text.length()];
    int count = 0;
    for (int at = 0; at <= text.length(); at++) {
      char c = at < text.length() ? text.charAt(at) : ' ';
      if (digits.value(c) >= 0) {
        row[count++] = at;
      } else if (c != '\r' && c != '\n') {
        if (count * digits.bits() / 8 >= least) {
          for (int first = 0; first < digits.places(); first++) {
            all.add(bytes(digits, row, first, count));
          }
        }
        count = 0;
      }
    }
    return all;
  }

  private DecodedText bytes(Digits digits, int[] row, int first, int count) {
    Result result = new Result();
    int value = 0;
    int bits = 0;
    for (int i = first; i < count; i++) {
      value = (value << digits.bits() | digits.value(text.charAt(row[i]))) & 0xffff;
      bits += digits.bits();
      if (bits >= 8) {
        bits -= 8;
        // The digits that hold the first and the last bit of this byte.
        int before = i - (bits + 8 - 1) / digits.bits();
        result.add((char) (value >> bits & 0xff), row[Math.max(first, before)], row[i]);
      }
    }
    return result.end();
  }
}
