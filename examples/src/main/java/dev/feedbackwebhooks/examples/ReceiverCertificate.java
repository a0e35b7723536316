package dev.feedbackwebhooks.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate for 127.0.0.1 and localhost, made by the JDK's keytool.
 *
 * @param pem what the server under {@code --egress-ca} is told to trust
 */
record ReceiverCertificate(Path store, Path pem) {
  private static final String PASSWORD = "example";

  /** The one in that directory, made if there is none. */
  static ReceiverCertificate in(Path directory) throws IOException, InterruptedException {
    Path store = directory.resolve("receiver.p12");
    Path pem = directory.resolve("receiver.pem");
    if (!Files.exists(pem)) {
      Files.createDirectories(directory);
      Files.deleteIfExists(store);
      keytool(
          "-genkeypair",
          "-alias",
          "receiver",
          "-keyalg",
          "EC",
          "-groupname",
          "secp256r1",
          "-validity",
          "365",
          "-dname",
          "CN=example receiver",
          "-ext",
          "san=ip:127.0.0.1,dns:localhost",
          "-ext",
          "bc:c",
          "-keystore",
          store.toString(),
          "-storetype",
          "PKCS12",
          "-storepass",
          PASSWORD);
      keytool(
          "-exportcert",
          "-rfc",
          "-alias",
          "receiver",
          "-keystore",
          store.toString(),
          "-storepass",
          PASSWORD,
          "-file",
          pem.toString());
    }
    return new ReceiverCertificate(store, pem);
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(keytool.toString()), Arrays.stream(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
  }

  SSLContext tls() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(factory.getKeyManagers(), null, null);
    return tls;
  }
}
