package dev.feedbackwebhooks.sender.masking;

import dev.feedbackwebhooks.sender.masking.DecodedText.Escapes;
import java.util.BitSet;
import java.util.List;

/**
 * Finds secrets in a text, also where they are escaped (JSON, percent, HTML), written in digits
 * (Base64, hexadecimal) or both, one within the other. What is encrypted, hashed, compressed or
 * taken apart is not found. A text that takes long to be looked through counts as one secret.
 */
final class EchoedSecrets {
  private static final int MOST_ESCAPES = 2;
  private static final int MOST_DIGITS = 2;

  /** A secret of fewer characters would be found in any digits. */
  private static final int LEAST_IN_DIGITS = 4;

  /** Some milliseconds' worth: an endpoint may say what has very many readings. */
  private static final int MOST_CHARACTERS = 1_000_000;

  private final List<String> secrets;
  private final int shortest;
  private final BitSet found = new BitSet();
  private int left = MOST_CHARACTERS;

  private EchoedSecrets(List<String> secrets, int shortest) {
    this.secrets = secrets.stream().map(EchoedSecrets::plain).toList();
    this.shortest = shortest;
  }

  /** The characters that belong to secrets. */
  static BitSet in(String text, List<String> secrets) {
    int shortest = Integer.MAX_VALUE;
    for (String secret : secrets) {
      shortest = Math.min(shortest, secret.length());
    }
    if (text.length() < shortest) {
      // As most fields of most heads: no form of a secret is shorter than it.
      return new BitSet();
    }
    EchoedSecrets search = new EchoedSecrets(secrets, shortest);
    search.look(DecodedText.of(text), MOST_ESCAPES, MOST_DIGITS);
    if (search.left < 0) {
      search.found.set(0, text.length());
    }
    return search.found;
  }

  /** Forms write a space as a plus. */
  private static String plain(String text) {
    return text.replace('+', ' ');
  }

  private void look(DecodedText text, int escapes, int digits) {
    left -= text.text().length();
    if (text.text().length() < shortest || left < 0) {
      return;
    }
    mark(text);
    if (digits > 0) {
      int least = Math.max(shortest, LEAST_IN_DIGITS);
      for (Digits kind : Digits.values()) {
        text.decoded(kind, least).forEach(each -> look(each, escapes, digits - 1));
      }
    }
    if (escapes > 0) {
      for (Escapes kind : Escapes.values()) {
        DecodedText read = text.without(kind);
        if (read != text) {
          look(read, escapes - 1, digits);
        }
      }
    }
  }

  private void mark(DecodedText read) {
    String text = plain(read.text());
    for (String secret : secrets) {
      // Every place, as one secret may begin within another.
      for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
        read.mark(at, secret.length(), found);
      }
    }
  }
}
