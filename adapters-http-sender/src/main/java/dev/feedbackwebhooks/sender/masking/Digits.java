package dev.feedbackwebhooks.sender.masking;

/** Alphabets by which bytes are written. */
enum Digits {
  /** RFC 4648 sections 4 and 5, which may be mixed. */
  BASE64(6, 4) {
    @Override
    int value(char c) {
      if (c >= 'A' && c <= 'Z') {
        return c - 'A';
      }
      if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
      }
      if (c >= '0' && c <= '9') {
        return c - '0' + 52;
      }
      return switch (c) {
        case '+', '-' -> 62;
        case '/', '_' -> 63;
        default -> -1;
      };
    }
  },

  /** RFC 4648 section 8, in either case. */
  HEX(4, 2) {
    @Override
    int value(char c) {
      return c < 128 ? Character.digit(c, 16) : -1;
    }
  };

  private final int bits;
  private final int places;

  Digits(int bits, int places) {
    this.bits = bits;
    this.places = places;
  }

  /** The value of a digit; -1 if it is none. */
  abstract int value(char c);

  int bits() {
    return bits;
  }

  /** Digits after which a byte begins with a digit again. */
  int places() {
    return places;
  }
}
