package dev.feedbackwebhooks.sender.signing;

import com.google.crypto.tink.internal.EllipticCurvesUtil;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.PrivateKeys;
import dev.feedbackwebhooks.domain.key.PublicKeys;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JWK sets of public keys, made from what is stored: the private ones. */
public final class JwkSetCodec implements PublicKeys {
  private static final Logger log = LoggerFactory.getLogger(JwkSetCodec.class);

  @Override
  public String jwkSet(List<JwtKey> keys) {
    List<JWK> published =
        keys.stream().flatMap(JwkSetCodec::published).map(JWK::toPublicJWK).toList();
    return JSONObjectUtils.toJSONString(new JWKSet(published).toJSONObject(true));
  }

  /** Rather none than a failure: the other keys are still to be had. */
  private static Stream<JWK> published(JwtKey key) {
    try {
      return jwk(key).stream();
    } catch (GeneralSecurityException e) {
      log.atWarn()
          .addKeyValue("fingerprint", key.key().fingerprint())
          .log("a key that signs tokens cannot be published");
      return Stream.empty();
    }
  }

  /** The public half; empty where there is none. */
  static Optional<JWK> jwk(JwtKey key) throws GeneralSecurityException {
    return switch (key.algorithm().family()) {
      case HMAC -> Optional.empty();
      case RSA -> Optional.of(rsa(key));
      case EC_P256 -> Optional.of(p256(key));
      case ED25519 -> Optional.of(ed25519(key));
    };
  }

  private static JWK rsa(JwtKey key) throws GeneralSecurityException {
    RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) PrivateKeys.read(key);
    return new RSAKey.Builder(
            Base64URL.encode(rsa.getModulus()), Base64URL.encode(rsa.getPublicExponent()))
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(TokenSigner.algorithm(key.algorithm()))
        .keyID(key.id())
        .build();
  }

  /** The JDK does not tell the point of a private key, not even where its encoding does. */
  private static JWK p256(JwtKey key) throws GeneralSecurityException {
    ECPrivateKey stored = (ECPrivateKey) PrivateKeys.read(key);
    ECPoint point =
        EllipticCurvesUtil.multiplyByGenerator(stored.getS(), EllipticCurvesUtil.NIST_P256_PARAMS);
    int bits = Curve.P_256.toECParameterSpec().getCurve().getField().getFieldSize();
    return new ECKey.Builder(
            Curve.P_256,
            ECKey.encodeCoordinate(bits, point.getAffineX()),
            ECKey.encodeCoordinate(bits, point.getAffineY()))
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(TokenSigner.algorithm(key.algorithm()))
        .keyID(key.id())
        .build();
  }

  private static JWK ed25519(JwtKey key) throws GeneralSecurityException {
    return new OctetKeyPair.Builder(TokenSigner.ed25519(key).toPublicJWK())
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(TokenSigner.algorithm(key.algorithm()))
        .keyID(key.id())
        .build();
  }
}
