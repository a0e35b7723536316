package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.config.Signing;
import dev.feedbackwebhooks.domain.config.Signing.SigningSecret;
import dev.feedbackwebhooks.proto.v1.SigningScheme;
import dev.feedbackwebhooks.proto.v1.WebhookSigning;
import java.util.Arrays;
import java.util.Base64;

/** Codec of the signing of POSTs. Encoded messages never hold a secret. */
final class SigningCodec {
  private static final int PUBLIC_KEY_AT = 32;

  private SigningCodec() {}

  static WebhookSigning toProto(Signing signing) {
    WebhookSigning.Builder proto =
        WebhookSigning.newBuilder()
            .setScheme(scheme(signing.current()))
            .setKeyFingerprint(signing.current().key().fingerprint())
            .setPublicKey(publicKey(signing.current()));
    if (signing.previous() != null) {
      SigningSecret previous = signing.previous().secret();
      proto
          .setPreviousKeyFingerprint(previous.key().fingerprint())
          .setPreviousPublicKey(publicKey(previous))
          .setPreviousExpireTime(TimeCodec.toProto(signing.previous().until()));
    }
    return proto.build();
  }

  private static SigningScheme scheme(SigningSecret secret) {
    return SigningScheme.valueOf("SIGNING_SCHEME_" + secret.scheme().name());
  }

  private static String publicKey(SigningSecret secret) {
    return switch (secret.scheme()) {
      case HMAC_SHA256 -> "";
      case ED25519 -> {
        byte[] pair = secret.key().material().reveal();
        yield "whpk_"
            + Base64.getEncoder()
                .encodeToString(Arrays.copyOfRange(pair, PUBLIC_KEY_AT, pair.length));
      }
    };
  }
}
