package dev.feedbackwebhooks.sender.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.PSSParameterSpec;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The least strength of what an endpoint's certificate rests on, whatever the JVM's security
 * properties allow: keys of 2,048 bits, and no signature over a broken hash. A trust anchor is
 * trusted for itself, so that its own signature counts for nothing.
 */
final class StrengthChecker extends PKIXCertPathChecker {
  private static final int LEAST_BITS = 2_048;

  private static final Pattern BROKEN_HASH = Pattern.compile("(SHA|MD)-?([1245])(?![0-9])");

  private final List<X509Certificate> weakAnchors;
  private boolean first;

  StrengthChecker(Collection<X509Certificate> anchors) {
    weakAnchors = anchors.stream().filter(ca -> weakKey(ca).isPresent()).toList();
  }

  /** The weakness of a certificate, as the predicate of a sentence. */
  static Optional<String> weakness(X509Certificate certificate) {
    return weakKey(certificate).or(() -> weakSignature(certificate));
  }

  static Optional<String> weakKey(X509Certificate certificate) {
    Key key = certificate.getPublicKey();
    int bits =
        switch (key) {
          case RSAKey rsa -> rsa.getModulus().bitLength();
          case DSAKey dsa when dsa.getParams() != null -> dsa.getParams().getP().bitLength();
          default -> LEAST_BITS;
        };
    return bits < LEAST_BITS
        ? Optional.of(
            "has an "
                + key.getAlgorithm()
                + " key of "
                + bits
                + " bits: "
                + LEAST_BITS
                + " at least")
        : Optional.empty();
  }

  private static Optional<String> weakSignature(X509Certificate certificate) {
    Matcher broken = BROKEN_HASH.matcher(hash(certificate).toUpperCase(Locale.ROOT));
    return broken.find()
        ? Optional.of(
            "is signed with "
                + (broken.group(1).equals("SHA") ? "SHA-" : "MD")
                + broken.group(2)
                + ": SHA-256 or better is required")
        : Optional.empty();
  }

  /** RSASSA-PSS has its hash in the parameters, and without any it is SHA-1 (RFC 4055). */
  private static String hash(X509Certificate certificate) {
    String name = certificate.getSigAlgName();
    if (!name.equals("RSASSA-PSS")) {
      return name;
    }
    try {
      return certificate.getSigAlgParams() == null
          ? "SHA-1"
          : pss(certificate).getDigestAlgorithm();
    } catch (GeneralSecurityException _) {
      return name;
    }
  }

  private static PSSParameterSpec pss(X509Certificate certificate) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
    try {
      parameters.init(certificate.getSigAlgParams());
    } catch (IOException e) {
      throw new InvalidParameterSpecException(e.getMessage());
    }
    return parameters.getParameterSpec(PSSParameterSpec.class);
  }

  @Override
  public void init(boolean forward) {
    first = true;
  }

  @Override
  public boolean isForwardCheckingSupported() {
    return false;
  }

  @Override
  public @Nullable Set<String> getSupportedExtensions() {
    return null;
  }

  @Override
  public void check(Certificate certificate, Collection<String> unresolved)
      throws CertPathValidatorException {
    X509Certificate x509 = (X509Certificate) certificate;
    boolean weakIssuer = first && weakAnchors.stream().anyMatch(ca -> issued(ca, x509));
    first = false;
    if (weakIssuer || weakness(x509).isPresent()) {
      throw new CertPathValidatorException(
          "weak certificate", null, null, -1, BasicReason.ALGORITHM_CONSTRAINED);
    }
  }

  private static boolean issued(X509Certificate ca, X509Certificate certificate) {
    if (!ca.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(ca.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
