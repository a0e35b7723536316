package dev.feedbackwebhooks.sender.signing;

import com.google.crypto.tink.subtle.Ed25519Sign;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.PrivateKeys;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;

/** Signs tokens with a configured key. */
final class TokenSigner {
  private TokenSigner() {}

  static JWSAlgorithm algorithm(JwtAlgorithm algorithm) {
    return switch (algorithm) {
      case HS256 -> JWSAlgorithm.HS256;
      case HS384 -> JWSAlgorithm.HS384;
      case HS512 -> JWSAlgorithm.HS512;
      case RS256 -> JWSAlgorithm.RS256;
      case PS256 -> JWSAlgorithm.PS256;
      case ES256 -> JWSAlgorithm.ES256;
      case EDDSA -> JWSAlgorithm.EdDSA;
    };
  }

  static JWSSigner of(JwtKey key) throws JOSEException, GeneralSecurityException {
    return switch (key.algorithm().family()) {
      case HMAC -> new MACSigner(key.key().material().reveal());
      case RSA -> new RSASSASigner(PrivateKeys.read(key));
      case EC_P256 -> new ECDSASigner((ECPrivateKey) PrivateKeys.read(key));
      case ED25519 -> new Ed25519Signer(ed25519(key));
    };
  }

  static OctetKeyPair ed25519(JwtKey key) throws GeneralSecurityException {
    byte[] seed =
        ((EdECPrivateKey) PrivateKeys.read(key))
            .getBytes()
            .orElseThrow(() -> new GeneralSecurityException("an Ed25519 key without a seed"));
    Ed25519Sign.KeyPair pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(seed);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(pair.getPublicKey()))
        .d(Base64URL.encode(seed))
        .build();
  }
}
