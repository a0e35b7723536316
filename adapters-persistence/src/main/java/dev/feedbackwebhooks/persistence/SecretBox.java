package dev.feedbackwebhooks.persistence;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

/**
 * Encrypts what no one may read at rest: AES-256-GCM by Tink, with the resource name as associated
 * data, so that a secret that is moved to another row does not open there.
 */
final class SecretBox {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Aead aead;

  private SecretBox(Aead aead) {
    this.aead = aead;
  }

  /**
   * Opens the key file, or makes it.
   *
   * @param needed whether something is encrypted by it already: a new one would be of no use
   * @throws StoreException if it can be neither read nor made, or others may read it
   */
  static SecretBox open(Path keyFile, boolean needed) {
    try {
      if (!Files.exists(keyFile)) {
        if (needed) {
          throw new StoreException(
              "the key file "
                  + keyFile
                  + " is missing, and the database's secrets are encrypted with it: restore it, or"
                  + " name it by --secret-key-file",
              null);
        }
        make(keyFile);
      }
      refuseIfOthersMayRead(keyFile);
      KeysetHandle keys =
          TinkJsonProtoKeysetFormat.parseKeyset(
              Files.readString(keyFile), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
      return new SecretBox(keys.getPrimitive(AeadConfig2026.get(), Aead.class));
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException("cannot use " + keyFile + " as --secret-key-file: " + e, e);
    }
  }

  byte[] encrypt(byte[] plain, String resource) {
    try {
      return aead.encrypt(plain, resource.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM encrypts anything", e);
    }
  }

  /**
   * @throws GeneralSecurityException if another key, or another resource's, encrypted it
   */
  byte[] decrypt(byte[] encrypted, String resource) throws GeneralSecurityException {
    return aead.decrypt(encrypted, resource.getBytes(StandardCharsets.UTF_8));
  }

  private static void make(Path keyFile) throws IOException, GeneralSecurityException {
    String keys =
        TinkJsonProtoKeysetFormat.serializeKeyset(
            KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()),
            AeadConfig2026.get(),
            InsecureSecretKeyAccess.get());
    Path directory = keyFile.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    // Whole or not there at all, whenever the process or the power ends; and never readable.
    Path unfinished = keyFile.resolveSibling(keyFile.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(unfinished, OWNER_ONLY);
    Files.writeString(unfinished, keys, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    Files.move(unfinished, keyFile, StandardCopyOption.ATOMIC_MOVE);
    if (directory != null) {
      try (FileChannel entries = FileChannel.open(directory)) {
        entries.force(true);
      }
    }
  }

  private static void refuseIfOthersMayRead(Path keyFile) throws IOException {
    String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile));
    if (!permissions.endsWith("------")) {
      throw new StoreException(
          "the key file "
              + keyFile
              + " may be read by others ("
              + permissions
              + "): chmod 600 it, and consider its secrets known",
          null);
    }
  }
}
