package dev.feedbackwebhooks.grpc.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that the issuer signed, with whatever in them. */
@NullUnmarked
class AccessTokensTest {
  private static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"k\"}";
  private static final long NOW = 1_796_083_200;
  private static final String REST =
      "\"iss\":\"i\",\"aud\":\"us\",\"scope\":\"configs.read\",\"organizations\":[\"o\"]";

  private final SettableClock clock = new SettableClock(Instant.ofEpochSecond(NOW));
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private ECKey key;
  private AccessTokens tokens;

  @BeforeEach
  void open() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    String published = new JWKSet(key.toPublicJWK()).toString();
    tokens =
        new AccessTokens(
            new AuthSettings.Jwt("unused", "us", Optional.of("i")),
            new IssuerKeys(() -> published, clock, background),
            clock);
  }

  @AfterEach
  void close() {
    background.close();
  }

  private String signed(String header, String claims) throws Exception {
    String input = encoded(header) + "." + encoded(claims);
    Base64URL signature =
        new ECDSASigner(key)
            .sign(new JWSHeader(JWSAlgorithm.ES256), input.getBytes(StandardCharsets.US_ASCII));
    return "Bearer " + input + "." + signature;
  }

  private static String encoded(String text) {
    return Base64URL.encode(text).toString();
  }

  private AccessTokens.Access verify(String header, String claims) throws Exception {
    return tokens.verify(signed(header, claims), null);
  }

  @Test
  void aGoodOneNamesItsCaller() throws Exception {
    AccessTokens.Access access =
        verify(HEADER, "{\"sub\":\"me\",\"exp\":" + (NOW + 60) + ".5," + REST + "}");
    assertThat(access.caller().actor()).isEqualTo(new Actor.Token("me", "i", null));
    assertThat(access.until()).isBefore(Instant.ofEpochSecond(NOW + 120));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sub\":\"me\",\"exp\":null",
        "\"sub\":\"me\"",
        "\"sub\":\"me\",\"exp\":\"1796083260\"",
        "\"sub\":\"me\",\"exp\":1e300",
        "\"sub\":\"me\",\"exp\":9223372036854775807",
        "\"sub\":\"me\",\"exp\":99999999999999999999999",
        "\"sub\":\"me\",\"exp\":-1",
        "\"sub\":\"me\",\"exp\":true",
        "\"sub\":\"me\",\"exp\":[1796083260]",
        "\"sub\":\"me\",\"exp\":1796083260,\"nbf\":1e300",
        "\"sub\":\"me\",\"exp\":1796083260,\"nbf\":9223372036854775807",
        "\"sub\":\"me\",\"exp\":1796083260,\"nbf\":null",
        "\"sub\":\"me\",\"exp\":1796083260,\"nbf\":\"0\"",
        "\"sub\":\"me\",\"exp\":1796083260,\"iat\":-9223372036854775808",
        "\"sub\":\"me\",\"exp\":1796083260,\"iat\":{}",
        "\"sub\":\"\",\"exp\":1796083260",
        "\"sub\":\" \",\"exp\":1796083260",
        "\"sub\":null,\"exp\":1796083260",
        "\"sub\":5,\"exp\":1796083260",
        "\"sub\":[\"me\"],\"exp\":1796083260",
        "\"sub\":\"a\\u001b[2J\",\"exp\":1796083260",
        "\"sub\":\"a\\r\\nb\",\"exp\":1796083260",
        "\"sub\":\"a\\u202eb\",\"exp\":1796083260",
        "\"sub\":\"a\\u009bb\",\"exp\":1796083260",
        "\"sub\":\"a\\ud800b\",\"exp\":1796083260",
        "\"sub\":\"a\",\"sub\":\"b\",\"exp\":1796083260",
        "\"sub\":\"me\",\"exp\":1796083260,\"aud\":[\"us\",5]",
        "\"sub\":\"me\",\"exp\":1796083260,\"scope\":[\"configs.read\"]",
        "\"sub\":\"me\",\"exp\":1796083260,\"sandboxes\":\"*\"",
        "\"sub\":\"me\",\"exp\":1796083260,\"sandboxes\":[null]",
        "\"sub\":\"me\",\"exp\":1796083260,\"organizations\":{\"a\":1}",
      })
  void aClaimOfAnotherFormIsRefused(String claims) {
    String rest =
        Arrays.stream(REST.split(",", -1))
            .filter(member -> !claims.contains(member.substring(0, member.indexOf(':') + 1)))
            .collect(Collectors.joining(","));
    String all = "{" + rest + "," + claims + "}";
    assertThatThrownBy(() -> verify(HEADER, all)).isInstanceOf(Fault.Unauthenticated.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":null}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":\"ES256\",\"kid\":5}",
        "{\"alg\":null,\"kid\":\"k\"}",
        "{\"alg\":\"none\"}",
        "{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"k\"}",
        "[]",
        "",
        "{",
      })
  void aHeaderOfAnotherFormIsRefused(String header) {
    String claims = "{\"sub\":\"me\",\"exp\":" + (NOW + 60) + "," + REST + "}";
    assertThatThrownBy(() -> verify(header, claims)).isInstanceOf(Fault.Unauthenticated.class);
  }

  @Test
  void whatIsNoTokenIsRefused() {
    for (String text :
        List.of(
            "",
            ".",
            "..",
            "a.b.c",
            "a.b",
            "a.b.c.d.e",
            "\ud83d\ude00",
            "e30.e30.",
            "[".repeat(15_000))) {
      assertThatThrownBy(() -> tokens.verify("Bearer " + text, null))
          .isInstanceOf(Fault.Unauthenticated.class);
    }
  }

  @Test
  void whateverIsInItIsTakenOrRefusedButNeverABug() throws Exception {
    Random random = new Random(16);
    List<String> names =
        List.of(
            "sub",
            "exp",
            "nbf",
            "iat",
            "aud",
            "iss",
            "scope",
            "organizations",
            "sandboxes",
            "jti",
            "cnf");
    List<String> values =
        List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "1e18",
            "1796083260",
            "99999999999999999999",
            "\"\"",
            "\"us\"",
            "\"i\"",
            "\"\\u0000\"",
            "\"\\ufeff\"",
            "[]",
            "[null]",
            "[\"us\"]",
            "[[\"us\"]]",
            "{}",
            "{\"a\":{}}",
            "[".repeat(3_000) + "]".repeat(3_000),
            "\"" + "x".repeat(5_000) + "\"");
    for (int run = 0; run < 500; run++) {
      StringBuilder claims = new StringBuilder("{");
      for (String name : names) {
        if (random.nextInt(4) > 0) {
          boolean good = random.nextInt(3) > 0;
          claims
              .append(claims.length() == 1 ? "" : ",")
              .append('"')
              .append(name)
              .append("\":")
              .append(good ? good(name) : values.get(random.nextInt(values.size())));
        }
      }
      try {
        AccessTokens.Access access = verify(HEADER, claims + "}");
        assertThat(((Actor.Token) access.caller().actor()).subject()).isNotBlank();
        assertThat(access.until()).isAfter(clock.instant());
      } catch (Fault.Unauthenticated refused) {
        assertThat(refused.text()).contains("token");
      }
    }
  }

  private static String good(String name) {
    return switch (name) {
      case "exp" -> "1796083260";
      case "nbf", "iat" -> "1796083100";
      case "aud" -> "[\"us\"]";
      case "iss" -> "\"i\"";
      case "organizations", "sandboxes" -> "[\"o\"]";
      default -> "\"text\"";
    };
  }
}
