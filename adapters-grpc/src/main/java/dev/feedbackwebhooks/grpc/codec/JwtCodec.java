package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.PreviousJwtKey;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Token authentication on the wire. What goes out never holds a key. */
final class JwtCodec {
  private JwtCodec() {}

  static JwtDraft toDraft(JwtAuthentication jwt, Violations violations) {
    return new JwtDraft(
        algorithm(jwt.getAlgorithm()),
        Secret.of(jwt.getSecret().toByteArray()),
        Secret.of(jwt.getPrivateKeyPem()),
        jwt.getKeyId(),
        jwt.hasSignFrom() ? time(jwt.getSignFrom(), violations) : null,
        jwt.getIssuer(),
        jwt.getSubject(),
        jwt.getAudience(),
        jwt.hasLifetime() ? lifetime(jwt.getLifetime()) : null,
        jwt.getBodySha256(),
        StructCodec.fromProto(
            jwt.getAdditionalClaims(), "webhook_config.jwt.additional_claims", violations));
  }

  /** As it is kept: to the millisecond. */
  private static @Nullable Instant time(Timestamp time, Violations violations) {
    if (!Timestamps.isValid(time)) {
      violations.add("webhook_config.jwt.sign_from", "is no valid time");
      return null;
    }
    return Instant.ofEpochMilli(Timestamps.toMillis(time));
  }

  private static java.time.Duration lifetime(Duration lifetime) {
    try {
      return java.time.Duration.ofSeconds(lifetime.getSeconds(), lifetime.getNanos());
    } catch (ArithmeticException _) {
      // Out of any bounds: the rules refuse it.
      return java.time.Duration.ZERO;
    }
  }

  static JwtAuthentication toProto(EndpointAuth.Jwt jwt) {
    JwtKey key = jwt.keys().current();
    JwtAuthentication.Builder proto =
        JwtAuthentication.newBuilder()
            .setAlgorithm(toProto(key.algorithm()))
            .setKeyFingerprint(key.key().fingerprint())
            .setKeyId(orEmpty(key.id()))
            .setIssuer(orEmpty(jwt.claims().issuer()))
            .setSubject(orEmpty(jwt.claims().subject()))
            .setAudience(orEmpty(jwt.claims().audience()))
            .setLifetime(TimeCodec.toProto(jwt.lifetime()))
            .setAdditionalClaims(StructCodec.toProto(jwt.additionalClaims()))
            .setBodySha256(jwt.bodyHash())
            .setSecret(ByteString.EMPTY);
    if (jwt.keys().previous() != null) {
      proto
          .setSignFrom(TimeCodec.toProto(jwt.keys().previous().signsUntil()))
          .setPreviousKey(toProto(jwt.keys().previous()));
    }
    return proto.build();
  }

  private static PreviousJwtKey toProto(JwtKeys.Previous previous) {
    return PreviousJwtKey.newBuilder()
        .setAlgorithm(toProto(previous.key().algorithm()))
        .setKeyFingerprint(previous.key().key().fingerprint())
        .setKeyId(orEmpty(previous.key().id()))
        .setSignUntilTime(TimeCodec.toProto(previous.signsUntil()))
        .setExpireTime(TimeCodec.toProto(previous.publishedUntil()))
        .build();
  }

  private static @Nullable JwtAlgorithm algorithm(
      dev.feedbackwebhooks.proto.v1.JwtAlgorithm algorithm) {
    return switch (algorithm) {
      case JWT_ALGORITHM_HS256 -> JwtAlgorithm.HS256;
      case JWT_ALGORITHM_HS384 -> JwtAlgorithm.HS384;
      case JWT_ALGORITHM_HS512 -> JwtAlgorithm.HS512;
      case JWT_ALGORITHM_RS256 -> JwtAlgorithm.RS256;
      case JWT_ALGORITHM_PS256 -> JwtAlgorithm.PS256;
      case JWT_ALGORITHM_ES256 -> JwtAlgorithm.ES256;
      case JWT_ALGORITHM_EDDSA -> JwtAlgorithm.EDDSA;
      case JWT_ALGORITHM_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  private static dev.feedbackwebhooks.proto.v1.JwtAlgorithm toProto(JwtAlgorithm algorithm) {
    return dev.feedbackwebhooks.proto.v1.JwtAlgorithm.valueOf("JWT_ALGORITHM_" + algorithm.name());
  }

  private static String orEmpty(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
