package dev.feedbackwebhooks.app.journey;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;

/** Tokens of an issuer with one key, good ones and others. */
final class Tokens {
  static final String AUDIENCE = "feedback-webhooks";
  static final String ISSUER = "https://issuer.example";

  private final RSAKey key;

  Tokens(String keyId) throws Exception {
    key = new RSAKeyGenerator(2048).keyID(keyId).generate();
  }

  RSAKey key() {
    return key;
  }

  static JWTClaimsSet.Builder claims(String scope, String... organizations) {
    return new JWTClaimsSet.Builder()
        .subject("test")
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
        .claim("scope", "openid " + scope)
        .claim("organizations", List.of(organizations));
  }

  String token(String scope, String... organizations) throws Exception {
    return signed(claims(scope, organizations));
  }

  String signed(JWTClaimsSet.Builder claims) throws Exception {
    return signed(claims, header -> {});
  }

  String signed(JWTClaimsSet.Builder claims, Consumer<JWSHeader.Builder> change) throws Exception {
    JWSHeader.Builder header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(key.getKeyID())
            .type(new JOSEObjectType("at+jwt"));
    change.accept(header);
    return signed(header.build(), claims, new RSASSASigner(key));
  }

  static String signed(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer)
      throws Exception {
    SignedJWT token = new SignedJWT(header, claims.build());
    token.sign(signer);
    return token.serialize();
  }
}
