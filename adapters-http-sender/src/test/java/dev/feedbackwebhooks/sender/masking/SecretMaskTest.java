package dev.feedbackwebhooks.sender.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.key.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Random secrets in each form that an endpoint may say them back in. */
@NullUnmarked
class SecretMaskTest {
  private static final List<UnaryOperator<String>> ESCAPES =
      List.of(
          text -> text,
          text -> text.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"),
          text -> each(text, "\\u%04x"),
          text -> each(text, "\\u%04X"),
          text -> URLEncoder.encode(text, StandardCharsets.UTF_8),
          text -> each(text, "%%%02x"),
          text -> text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"),
          text -> each(text, "&#%d;"),
          text -> each(text, "&#x%06X;"));

  @Test
  void noFormOfASecretRemains() {
    Random random = new Random(16);
    for (int round = 0; round < 300; round++) {
      String secret = text(random, 8 + random.nextInt(40));
      SecretMask mask = maskOf(secret);
      for (UnaryOperator<String> inner : ESCAPES) {
        for (UnaryOperator<String> outer : ESCAPES) {
          assertMasked(mask, outer.apply(inner.apply(secret)));
        }
      }
      assertMasked(mask, HexFormat.of().withUpperCase().formatHex(bytes(secret)));
    }
  }

  private static SecretMask maskOf(String secret) {
    return SecretMask.of(List.of(new HeaderParameter("x-key", Secret.of(secret), true)));
  }

  private static void assertMasked(SecretMask mask, String form) {
    assertThat(mask.applyTo("{ " + form + " }", null)).as(form).isEqualTo("{ *** }");
  }

  @Test
  void base64IsMaskedAtEachAlignment() {
    Random random = new Random(17);
    for (int round = 0; round < 1_000; round++) {
      String secret = text(random, 8 + random.nextInt(40));
      SecretMask mask = maskOf(secret);
      byte[] around = bytes("x".repeat(round % 7) + secret + "y".repeat(random.nextInt(4)));
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String shown = mask.applyTo(encoder.withoutPadding().encodeToString(around), null);
        assertThat(shown).as(secret).contains("***").hasSizeLessThan(20);
      }
    }
  }

  @Test
  void otherTextStays() {
    Random random = new Random(18);
    for (int round = 0; round < 1_000; round++) {
      SecretMask mask = maskOf(text(random, 12));
      String other = ESCAPES.get(round % ESCAPES.size()).apply(text(random, 300));
      assertThat(mask.applyTo(other, null)).isEqualTo(other);
    }
  }

  private static String each(String text, String format) {
    return text.chars().mapToObj(format::formatted).collect(Collectors.joining());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Printable, without blanks at its ends, rich in what is escaped. */
  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder("k");
    String special = "\"\\/+<>&%=' ";
    while (text.length() < length - 1) {
      text.append(
          random.nextInt(3) == 0
              ? special.charAt(random.nextInt(special.length()))
              : (char) ('!' + random.nextInt(94)));
    }
    return text.append('z').toString();
  }
}
