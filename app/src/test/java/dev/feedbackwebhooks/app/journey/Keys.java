package dev.feedbackwebhooks.app.journey;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Keys in PEM. */
final class Keys {
  private Keys() {}

  static String privatePem(String type, int size) {
    return pem("PRIVATE KEY", pair(type, size).getPrivate());
  }

  static String publicPem(String type, int size) {
    return pem("PUBLIC KEY", pair(type, size).getPublic());
  }

  private static KeyPair pair(String type, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, Key key) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(key.getEncoded()), label);
  }
}
