package dev.feedbackwebhooks.sender.http;

import io.netty.pkitesting.X509Bundle;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate of any key and signature, and with any names, and the chain that leads to it. */
public record OddCertificates(KeyPair keys, List<X509Certificate> chain) {
  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  public static KeyPair rsa(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  /** A CA that signed itself. */
  public static OddCertificates root(KeyPair keys, String algorithm) throws Exception {
    X500Principal name = new X500Principal("CN=Odd CA " + System.identityHashCode(keys));
    return new OddCertificates(keys, List.of()).issue(keys, name, name, algorithm, true, List.of());
  }

  /** A CA in between. */
  public OddCertificates intermediate(KeyPair of, String algorithm) throws Exception {
    X500Principal name = new X500Principal("CN=Odd CA " + System.identityHashCode(of));
    return issue(of, subject(), name, algorithm, true, List.of());
  }

  /**
   * An endpoint's certificate of this CA.
   *
   * @param names of its subjectAltName, which it has not if there are none
   */
  public OddCertificates endpoint(KeyPair of, String algorithm, GeneralName... names)
      throws Exception {
    return issue(
        of, subject(), new X500Principal("CN=hooks.example"), algorithm, false, List.of(names));
  }

  private X500Principal subject() {
    return chain.getFirst().getSubjectX500Principal();
  }

  private OddCertificates issue(
      KeyPair of,
      X500Principal issuer,
      X500Principal subject,
      String algorithm,
      boolean ca,
      List<GeneralName> names)
      throws Exception {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(64, new SecureRandom()).setBit(64),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            subject,
            of.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
    var signer =
        new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(keys.getPrivate());
    List<X509Certificate> longer = new ArrayList<>();
    longer.add(new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
    longer.addAll(chain);
    return new OddCertificates(of, longer);
  }

  /** What an endpoint shows: without the anchor, unless that is all there is. */
  public X509Bundle shown() throws Exception {
    X509Certificate root = chain.getLast();
    List<X509Certificate> shown = chain.size() == 1 ? chain : chain.subList(0, chain.size() - 1);
    return X509Bundle.fromCertificatePath(shown.toArray(X509Certificate[]::new), root, keys);
  }

  public String pem() throws Exception {
    return shown().getRootCertificatePEM();
  }
}
