package dev.feedbackwebhooks.sender.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Signs as tokens are signed, and verifies by the public key that is published. */
public final class SignatureTrial implements KeyTrial {
  private static final byte[] SIGNED = "a trial".getBytes(US_ASCII);

  private static final Duration SOON = Duration.ofSeconds(5);

  private final SigningPool pool;

  public SignatureTrial(SigningPool pool) {
    this.pool = pool;
  }

  @Override
  public boolean passes(JwtKey key) {
    try {
      return pool.submit(key, () -> isVerified(key)).join();
    } catch (CompletionException e) {
      if (FailureJudge.failure(e) == AttemptFailure.INTERNAL) {
        throw new Fault.Unavailable(
            Reason.OVERLOADED, "too many keys are being tried: save it again", SOON);
      }
      return false;
    }
  }

  private static boolean isVerified(JwtKey key) {
    try {
      JWSHeader header = new JWSHeader(TokenSigner.algorithm(key.algorithm()));
      Base64URL signature = TokenSigner.of(key).sign(header, SIGNED);
      return verifier(JwkSetCodec.jwk(key).orElseThrow()).verify(header, SIGNED, signature);
    } catch (JOSEException | GeneralSecurityException _) {
      return false;
    }
  }

  private static JWSVerifier verifier(JWK published) throws JOSEException {
    return switch (published) {
      case RSAKey rsa -> new RSASSAVerifier(rsa);
      case ECKey ec -> new ECDSAVerifier(ec);
      default -> new Ed25519Verifier(published.toOctetKeyPair());
    };
  }
}
