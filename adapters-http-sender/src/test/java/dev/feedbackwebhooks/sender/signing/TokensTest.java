package dev.feedbackwebhooks.sender.signing;

import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import dev.feedbackwebhooks.domain.testing.HostileKeys;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.sender.http.Certificates;
import dev.feedbackwebhooks.sender.http.RawEndpoint;
import dev.feedbackwebhooks.sender.http.Sending;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tokens of POSTs, as their receivers verify them. */
class TokensTest {
  @TempDir Path directory;

  private record Signing(SigningKey key, JWSVerifier verifier) {}

  @ParameterizedTest
  @EnumSource
  void aReceiverCanVerifyATokenOfEachAlgorithm(JwtAlgorithm algorithm) throws Exception {
    Signing signing = signing(algorithm);
    SignedJWT token = SignedJWT.parse(authorization(jwt(algorithm, signing.key())).substring(7));

    assertThat(token.verify(signing.verifier())).isTrue();
    assertThat(token.getHeader().getAlgorithm().getName())
        .isEqualTo(algorithm == JwtAlgorithm.EDDSA ? "EdDSA" : algorithm.name());
    assertThat(token.getHeader().getKeyID()).isEqualTo("key-1");
    assertThat(token.getHeader().getType().getType()).isEqualTo("JWT");
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("feedback");
    assertThat(claims.getSubject()).isEqualTo("myImsOrg");
    assertThat(claims.getAudience()).containsExactly("https://hooks.example.com");
    assertThat(claims.getIssueTime()).isEqualTo(Date.from(Samples.NOW));
    assertThat(claims.getExpirationTime()).isEqualTo(Date.from(Samples.NOW.plusSeconds(300)));
    assertThat(claims.getJWTID()).isNotBlank();
    assertThat(claims.getClaim("level")).isEqualTo(3L);
    assertThat(claims.getClaim("nested")).isEqualTo(Map.of("on", true));
  }

  private String authorization(EndpointAuth.Jwt jwt) throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      WebhookConfig config = Sending.config("127.0.0.1", endpoint.port(), jwt, List.of());
      assertThat(sending.send(config, 1)).isEqualTo(new AttemptResult.Accepted(204));
      return authorization(endpoint, 0);
    }
  }

  private static String authorization(RawEndpoint endpoint, int request) {
    return endpoint
        .requests()
        .get(request)
        .lines()
        .filter(line -> line.startsWith("authorization: "))
        .findFirst()
        .orElseThrow()
        .substring("authorization: ".length());
  }

  @Test
  void aTokenIsUsedAgainUntilALittleBeforeItExpires() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      WebhookConfig config = Sending.config("127.0.0.1", endpoint.port(), Samples.jwt(), List.of());
      var _ = sending.send(config, 1);
      sending.clock().advance(Duration.ofSeconds(224));
      var _ = sending.send(config, 1);
      sending.clock().advance(Duration.ofSeconds(1));
      var _ = sending.send(config, 1);
      assertThat(authorization(endpoint, 1)).isEqualTo(authorization(endpoint, 0));
      assertThat(authorization(endpoint, 2)).isNotEqualTo(authorization(endpoint, 0));
    }
  }

  @Test
  void aKeyThatTakesOverSignsTheNextTokenAlthoughTheOneBeforeIsFresh() throws Exception {
    Certificates certificates = Certificates.in(directory);
    JwtKey first = jwt(JwtAlgorithm.HS256, signing(JwtAlgorithm.HS256).key()).keys().current();
    Signing ed25519 = signing(JwtAlgorithm.EDDSA);
    JwtKey second = new JwtKey(JwtAlgorithm.EDDSA, ed25519.key(), "key-2");
    JwtKeys keys = new JwtKeys(second, new JwtKeys.Previous(first, Samples.NOW.plusSeconds(100)));
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      WebhookConfig config =
          Sending.config("127.0.0.1", endpoint.port(), with(keys, false), List.of());
      var _ = sending.send(config, 1);
      sending.clock().advance(Duration.ofSeconds(99));
      var _ = sending.send(config, 1);
      sending.clock().advance(Duration.ofSeconds(1));
      var _ = sending.send(config, 1);
      assertThat(token(endpoint, 0).getHeader().getKeyID()).isEqualTo("key-1");
      assertThat(authorization(endpoint, 1)).isEqualTo(authorization(endpoint, 0));
      assertThat(token(endpoint, 2).getHeader().getKeyID()).isEqualTo("key-2");
      assertThat(token(endpoint, 2).verify(ed25519.verifier())).isTrue();
    }
  }

  @Test
  void aTokenWithTheBodysHashIsForOnePost() throws Exception {
    Certificates certificates = Certificates.in(directory);
    Signing es256 = signing(JwtAlgorithm.ES256);
    JwtKeys keys = JwtKeys.of(new JwtKey(JwtAlgorithm.ES256, es256.key(), null));
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      WebhookConfig config =
          Sending.config("127.0.0.1", endpoint.port(), with(keys, true), List.of());
      var _ = sending.send(config, 1);
      var _ = sending.send(config, 1);
      assertThat(authorization(endpoint, 1)).isNotEqualTo(authorization(endpoint, 0));
      for (int request = 0; request < 2; request++) {
        String body = endpoint.requests().get(request).replaceFirst("(?s)^.*?\r\n\r\n", "");
        assertThat(token(endpoint, request).verify(es256.verifier())).isTrue();
        assertThat(token(endpoint, request).getJWTClaimsSet().getStringClaim("body_sha256"))
            .isEqualTo(
                HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256")
                            .digest(body.getBytes(StandardCharsets.UTF_8))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPublishedOfAKeyVerifiesItsTokensAndCannotSign(JwtAlgorithm algorithm)
      throws Exception {
    EndpointAuth.Jwt jwt = jwt(algorithm, signing(algorithm).key());
    SignedJWT token = SignedJWT.parse(authorization(jwt).substring(7));
    JWKSet published = JWKSet.parse(new JwkSetCodec().jwkSet(List.of(jwt.keys().current())));
    if (algorithm.family() == JwtAlgorithm.Family.HMAC) {
      assertThat(published.getKeys()).isEmpty();
      return;
    }
    JWK key = published.getKeyByKeyId("key-1");
    assertThat(key.isPrivate()).isFalse();
    assertThat(key.getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
    assertThat(key.getAlgorithm()).isEqualTo(token.getHeader().getAlgorithm());
    JWSVerifier verifier =
        switch (key) {
          case RSAKey rsa -> new RSASSAVerifier(rsa);
          case ECKey ec -> new ECDSAVerifier(ec);
          default -> new Ed25519Verifier(key.toOctetKeyPair());
        };
    assertThat(token.verify(verifier)).isTrue();
  }

  private static SignedJWT token(RawEndpoint endpoint, int request) throws Exception {
    return SignedJWT.parse(authorization(endpoint, request).substring("Bearer ".length()));
  }

  private static EndpointAuth.Jwt with(JwtKeys keys, boolean bodyHash) {
    EndpointAuth.Jwt sample = Samples.jwt();
    return new EndpointAuth.Jwt(
        keys, sample.claims(), sample.lifetime(), bodyHash, sample.additionalClaims());
  }

  @Test
  void aTokenThatWasRefusedIsMintedAnewForTheNextAttempt() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(
                certificates.good(), text("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n"))) {
      WebhookConfig config = Sending.config("127.0.0.1", endpoint.port(), Samples.jwt(), List.of());
      var _ = sending.send(config, 1);
      var _ = sending.send(config, 2);
      assertThat(authorization(endpoint, 1)).isNotEqualTo(authorization(endpoint, 0));
    }
  }

  @Test
  void anEndpointThatRefusesEveryTokenHasUsSignOnceAMinute() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(
                certificates.good(), text("HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n"))) {
      WebhookConfig config = Sending.config("127.0.0.1", endpoint.port(), Samples.jwt(), List.of());
      for (int attempt = 1; attempt <= 5; attempt++) {
        var _ = sending.send(config, attempt);
      }
      sending.clock().advance(Duration.ofSeconds(60));
      var _ = sending.send(config, 6);
      var _ = sending.send(config, 7);
      assertThat(IntStream.range(0, 7).mapToObj(i -> authorization(endpoint, i)).distinct())
          .hasSize(3);
    }
  }

  @Test
  void aKeyThatCannotSignIsAResultAndNoRequestIsMade() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), text(""))) {
      EndpointAuth.Jwt broken =
          jwt(JwtAlgorithm.RS256, new SigningKey(Secret.of("not a key, but s3cr3t")));
      AttemptResult result =
          sending.send(Sending.config("127.0.0.1", endpoint.port(), broken, List.of()), 1);
      assertThat(result)
          .isEqualTo(
              new AttemptResult.Retryable(
                  AttemptFailure.SIGNING_FAILED,
                  0,
                  null,
                  "the configured key is no PKCS#8 key in DER (RFC 5958)"));
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  /** It was stored before there were rules against it, and is tried at each start. */
  @Test
  void aHostileKeyThatIsStoredFailsItsOwnAttemptsOnly() throws Exception {
    Certificates certificates = Certificates.in(directory);
    Map<String, JwtKey> hostile = HostileKeys.all();
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      hostile.forEach((name, key) -> {
        EndpointAuth.Jwt auth = jwt(key.algorithm(), key.key());
        assertThat(failure(sending, endpoint.port(), auth))
            .as(name)
            .isEqualTo(AttemptFailure.SIGNING_FAILED);
      });
      Signing good = signing(JwtAlgorithm.RS256);
      WebhookConfig config =
          Sending.config(
              "127.0.0.1", endpoint.port(), jwt(JwtAlgorithm.RS256, good.key()), List.of());
      assertThat(sending.send(config, 1)).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.requests()).hasSize(1);
      assertThat(new JwkSetCodec().jwkSet(List.copyOf(hostile.values())))
          .isEqualTo("{\"keys\":[]}");
    }
  }

  private static AttemptFailure failure(Sending sending, int port, EndpointAuth.Jwt auth) {
    try {
      AttemptResult result = sending.send(Sending.config("127.0.0.1", port, auth, List.of()), 1);
      return ((AttemptResult.Retryable) result).failure();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static EndpointAuth.Jwt jwt(JwtAlgorithm algorithm, SigningKey key) {
    EndpointAuth.Jwt sample = Samples.jwt();
    return new EndpointAuth.Jwt(
        JwtKeys.of(new JwtKey(algorithm, key, "key-1")),
        sample.claims(),
        sample.lifetime(),
        false,
        sample.additionalClaims());
  }

  private static Signing signing(JwtAlgorithm algorithm) throws Exception {
    return switch (algorithm.family()) {
      case HMAC -> {
        byte[] key = "k".repeat(64).getBytes(StandardCharsets.UTF_8);
        yield new Signing(new SigningKey(Secret.of(key)), new MACVerifier(key));
      }
      case RSA -> {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        yield new Signing(key(pair), new RSASSAVerifier((RSAPublicKey) pair.getPublic()));
      }
      case EC_P256 -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        yield new Signing(key(pair), new ECDSAVerifier((ECPublicKey) pair.getPublic()));
      }
      case ED25519 -> {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] spki = pair.getPublic().getEncoded();
        Base64URL x = Base64URL.encode(Arrays.copyOfRange(spki, spki.length - 32, spki.length));
        yield new Signing(
            key(pair), new Ed25519Verifier(new OctetKeyPair.Builder(Curve.Ed25519, x).build()));
      }
    };
  }

  private static SigningKey key(KeyPair pair) {
    return new SigningKey(Secret.of(pair.getPrivate().getEncoded()));
  }
}
