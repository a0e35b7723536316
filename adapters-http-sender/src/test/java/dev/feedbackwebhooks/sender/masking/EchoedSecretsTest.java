package dev.feedbackwebhooks.sender.masking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets are found in whatever form an endpoint may say them back. */
class EchoedSecretsTest {
  private static final long SEED = 20_261_201;
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ";

  private final Random random = new Random(SEED);

  private static BitSet in(String text, String secret) {
    return EchoedSecrets.in(text, List.of(secret));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      textBlock =
          """
          p"a\\ss/w+rd=<1> {"auth":"p\\"a\\\\ss\\/w+rd=\\u003c1\\u003E"}
          p"a\\ss/w+rd=<1> p%22a%5css/w%2Brd=%3C1%3e
          p"a\\ss/w+rd=<1> p&quot;a&bsol;ss&#47;w&#x2B;rd&#0061;&lt;1&gt;
          p"a\\ss/w+rd=<1> cCJhXHNzL3crcmQ9PDE+
          p"a\\ss/w+rd=<1> Basic_dXNlcjpwImFcc3Mvdytyd0AAcCJhXHNzL3crcmQ9PDE-IQ
          p"a\\ss/w+rd=<1> 7022615c73732F772B72643d3c313e
          a%2Fb"c&amp;d {"x":"a%2Fb\\"c&amp;d"}
          a%2Fb"c&amp;d a%252Fb%22c%26amp%3Bd
          """)
  void inUsualForms(String secret, String text) {
    assertThat(in("{'x': " + text + "}", secret).cardinality()).as(text).isGreaterThan(9);
  }

  /** One within the other, in surroundings that may begin or end like a part of it. */
  @Test
  void inFormsWithinForms() {
    List<UnaryOperator<String>> encoders =
        List.of(
            this::json,
            this::percent,
            this::html,
            this::base64,
            this::hex,
            text -> '"' + text + '"');
    for (int i = 0; i < 5_000; i++) {
      String secret = secret();
      String form = secret;
      for (int depth = random.nextInt(2); depth >= 0; depth--) {
        form = encoders.get(random.nextInt(encoders.size())).apply(form);
      }
      String text = noise() + ' ' + form + ' ' + noise();
      BitSet found = in(text, secret);
      assertThat(found.isEmpty()).as("%s of %s in %s", form, secret, text).isFalse();
      String shown = withoutMarked(text, found);
      assertThat(in(shown, secret).isEmpty()).as("%s left of %s", shown, text).isTrue();
    }
  }

  @Test
  void whereThereIsNoneNothingIsFound() {
    for (int i = 0; i < 5_000; i++) {
      String secret = secret();
      assertThat(in(noise() + json(noise()) + base64(noise()), secret).isEmpty())
          .as(secret)
          .isTrue();
    }
  }

  /** What an endpoint says may be made to take long. */
  @Test
  void aTextThatIsAllEscapesAndDigitsTakesBoundedTime() {
    String worst = "&#37;25\\u0025".repeat(500) + "QUFB".repeat(40_000);
    assertThat(in(worst, "s3cr3t-s3cr3t").cardinality())
        .as("not looked through, so not shown")
        .isEqualTo(worst.length());
  }

  private static String withoutMarked(String text, BitSet found) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      shown.append(found.get(i) ? '*' : text.charAt(i));
    }
    return shown.toString();
  }

  private String secret() {
    StringBuilder secret = new StringBuilder("k");
    int length = 8 + random.nextInt(30);
    for (int i = 0; i < length; i++) {
      secret.append(
          random.nextInt(3) == 0
              ? PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length()))
              : (char) ('a' + random.nextInt(26)));
    }
    return secret.append('k').toString();
  }

  private String noise() {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      noise.append("abcXYZ019 {}:,\"".charAt(random.nextInt(15)));
    }
    return noise.toString();
  }

  private String json(String text) {
    return each(
        text,
        c ->
            switch (c) {
              case '"', '\\' -> "\\" + c;
              default ->
                  random.nextInt(4) == 0
                      ? String.format(
                          Locale.ROOT, random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c)
                      : String.valueOf(c);
            });
  }

  private String percent(String text) {
    boolean form = random.nextBoolean();
    return each(
        text,
        c -> {
          if (c == ' ' && form) {
            return "+";
          }
          return PUNCTUATION.indexOf(c) >= 0 || random.nextInt(5) == 0
              ? String.format(Locale.ROOT, random.nextBoolean() ? "%%%02x" : "%%%02X", (int) c)
              : String.valueOf(c);
        });
  }

  private String html(String text) {
    return each(
        text,
        c ->
            switch (c) {
              case '"' -> "&quot;";
              case '&' -> "&amp;";
              case '<' -> "&lt;";
              case '>' -> "&gt;";
              case '\'' -> "&#0039;";
              default ->
                  random.nextInt(5) == 0
                      ? String.format(
                          Locale.ROOT, random.nextBoolean() ? "&#%d;" : "&#x%04X;", (int) c)
                      : String.valueOf(c);
            });
  }

  private String base64(String text) {
    Base64.Encoder encoder = random.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
    byte[] whole = (noise() + text + noise()).getBytes(StandardCharsets.ISO_8859_1);
    return (random.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(whole);
  }

  private String hex(String text) {
    HexFormat format = random.nextBoolean() ? HexFormat.of() : HexFormat.of().withUpperCase();
    return format.formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String each(String text, java.util.function.Function<Character, String> encode) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      parts.add(encode.apply(text.charAt(i)));
    }
    return String.join("", parts);
  }
}
