package dev.feedbackwebhooks.persistence.stored;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.GeneralSecurityException;

/**
 * A keyset on the disk: readable by its owner only, and whole at any moment, whenever the process
 * or the power ends.
 */
public record SecretKeyFile(Path path) {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  public boolean exists() {
    return Files.exists(path);
  }

  /**
   * Its text.
   *
   * @throws StoreException if it cannot be read, or others may read it
   */
  public String read() {
    try {
      refuseIfOthersMayRead();
      return Files.readString(path);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  public KeysetHandle parse(String text) {
    try {
      return TinkJsonProtoKeysetFormat.parseKeyset(
          text, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Puts these keys in the place of those that are there, if any are. */
  public void write(KeysetHandle keys) {
    try {
      // What a link points to is replaced, not the link.
      Path file = exists() ? path.toRealPath() : path.toAbsolutePath();
      String text =
          TinkJsonProtoKeysetFormat.serializeKeyset(
              keys, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
      Files.createDirectories(file.getParent());
      Path unfinished = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(unfinished);
      Files.createFile(unfinished, OWNER_ONLY);
      keepOwner(file, unfinished);
      Files.writeString(unfinished, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel entries = FileChannel.open(file.getParent())) {
        entries.force(true);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Root may rotate the key of a server that runs as somebody else, who must read it after. */
  private static void keepOwner(Path file, Path unfinished) throws IOException {
    if (Files.exists(file)) {
      UserPrincipal owner = Files.getOwner(file);
      if (!owner.equals(Files.getOwner(unfinished))) {
        Files.setOwner(unfinished, owner);
      }
    }
  }

  private void refuseIfOthersMayRead() throws IOException {
    String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    if (!permissions.endsWith("------")) {
      throw new StoreException(
          "the key file "
              + path
              + " may be read by others ("
              + permissions
              + "): chmod 600 it, and consider its secrets known",
          null);
    }
  }

  /** Without the cause's words where it parsed the file: they might quote it. */
  private StoreException unusable(Exception cause) {
    String why = cause instanceof IOException ? cause.toString() : "it holds no keys of this kind";
    return new StoreException("cannot use " + path + " as --secret-key-file: " + why, cause);
  }
}
