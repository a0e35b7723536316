package dev.feedbackwebhooks.domain.egress;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ASCII form of a host's name (IDNA). */
public final class AsciiHost {
  private static final int MAX_NAME = 253;

  /**
   * What IDNA2008 keeps and IDNA2003 maps to other letters (UTS 46, "deviations"): by the name of
   * one customer, POSTs would go to the owner of another.
   */
  private static final Pattern AMBIGUOUS = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");

  /** RFC 5891, 4.2.3.2: no label begins with what belongs to the character before it. */
  private static final Pattern MARK = Pattern.compile("\\p{M}");

  private AsciiHost() {}

  /** Whether two standards read it as two names. */
  static boolean isAmbiguous(String host) {
    return AMBIGUOUS.matcher(Normalizer.normalize(host, Normalizer.Form.NFKC)).find();
  }

  /** In lower-case ASCII (IDNA); null where that cannot be, or is not the same in all of IDNA. */
  static @Nullable String of(String host) {
    if (isAmbiguous(host)) {
      return null;
    }
    try {
      String ascii = lower(IDN.toASCII(host));
      return ascii.isEmpty() || ascii.length() > MAX_NAME || isDisguised(host, ascii)
          ? null
          : ascii;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /**
   * Whether characters outside ASCII stand for ASCII ones: full stops that part labels, digits of
   * an address, letters. What it says is not what somebody reads, so it has to be given in ASCII.
   */
  private static boolean isDisguised(String host, String ascii) {
    String[] given = host.split("\\.", -1);
    String[] labels = ascii.split("\\.", -1);
    boolean disguised = given.length != labels.length;
    for (int i = 0; i < given.length && !disguised; i++) {
      boolean isAscii = given[i].chars().allMatch(c -> c < 128);
      disguised = !isAscii && (!labels[i].startsWith("xn--") || MARK.matcher(given[i]).lookingAt());
    }
    return disguised;
  }

  /** Lower case for ASCII, whatever the locale. */
  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
