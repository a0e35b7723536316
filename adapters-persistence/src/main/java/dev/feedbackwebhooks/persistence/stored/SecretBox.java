package dev.feedbackwebhooks.persistence.stored;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Encrypts what no one may read at rest: AES-256-GCM by Tink, with the resource name as associated
 * data, so that a secret that is moved to another row does not open there.
 *
 * <p>The key file may change meanwhile, by a rotation in another process. Who changes it holds the
 * database's write lock, and so does who encrypts; therefore what is encrypted by the file's newest
 * key stays so until its transaction has ended.
 */
public final class SecretBox {
  /** Tink's prefix of a value: a version, and the id of its key. */
  public static final int PREFIX_BYTES = 5;

  private static final byte VERSION = 1;

  private final SecretKeyFile file;
  private volatile Keys keys;

  /** What was in the file before: opens a row that was read just before its key was retired. */
  private volatile Keys before;

  private record Keys(String text, KeysetHandle handle, Aead aead, Set<Integer> ids) {
    static Keys of(SecretKeyFile file, String text) {
      KeysetHandle handle = file.parse(text);
      try {
        return new Keys(
            text,
            handle,
            handle.getPrimitive(AeadConfig2026.get(), Aead.class),
            IntStream.range(0, handle.size())
                .mapToObj(i -> handle.getAt(i).getId())
                .collect(Collectors.toUnmodifiableSet()));
      } catch (GeneralSecurityException e) {
        throw new StoreException(
            "cannot use " + file.path() + " as --secret-key-file: its keys are of another kind", e);
      }
    }

    @Override
    public String toString() {
      return "[secret]";
    }
  }

  private SecretBox(SecretKeyFile file) {
    this.file = file;
    this.keys = Keys.of(file, file.read());
    this.before = keys;
  }

  /**
   * Opens the key file, or makes it.
   *
   * @param needed whether something is encrypted by it already: a new one would be of no use
   * @throws StoreException if it can be neither read nor made, or others may read it
   */
  public static SecretBox open(SecretKeyFile file, boolean needed) {
    if (!file.exists()) {
      if (needed) {
        throw new StoreException(
            "the key file "
                + file.path()
                + " is missing, and the database's secrets are encrypted with it: restore it, or"
                + " name it by --secret-key-file",
            null);
      }
      file.write(newKeys());
    }
    return new SecretBox(file);
  }

  private static KeysetHandle newKeys() {
    try {
      return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM is there", e);
    }
  }

  /**
   * Encrypts by the newest key. Only within a transaction that holds the database's write lock.
   *
   * @throws StoreException if the key file cannot be read: the keys in memory may be retired
   */
  public byte[] encrypt(byte[] plain, String resource) {
    renew();
    try {
      return keys.aead().encrypt(plain, resource.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM encrypts anything", e);
    }
  }

  /**
   * @throws GeneralSecurityException if another key, or another resource's, encrypted it
   */
  public byte[] decrypt(byte[] encrypted, String resource) throws GeneralSecurityException {
    int key = keyOf(encrypted);
    if (!keys.ids().contains(key) && !before.ids().contains(key)) {
      renew();
    }
    Keys fit = keys.ids().contains(key) ? keys : before;
    return fit.aead().decrypt(encrypted, resource.getBytes(StandardCharsets.UTF_8));
  }

  /** The first bytes of all that the newest key encrypts. */
  public byte[] newestPrefix() {
    renew();
    return ByteBuffer.allocate(PREFIX_BYTES)
        .put(VERSION)
        .putInt(keys.handle().getPrimary().getId())
        .array();
  }

  /** Makes a new key the one that encrypts. Under the write lock only. */
  public void addKey() {
    renew();
    KeysetHandle.Builder next =
        KeysetHandle.newBuilder(keys.handle()).addEntry(primary(newKeys().getPrimary()));
    replace(next);
  }

  /**
   * Leaves only the newest key. Under the write lock only, and once nothing needs another.
   *
   * @return how many went
   */
  public int dropOldKeys() {
    renew();
    KeysetHandle old = keys.handle();
    if (old.size() > 1) {
      replace(KeysetHandle.newBuilder().addEntry(primary(old.getPrimary())));
    }
    return old.size() - 1;
  }

  private static KeysetHandle.Builder.Entry primary(KeysetHandle.Entry of) {
    return KeysetHandle.importKey(of.getKey()).withFixedId(of.getId()).makePrimary();
  }

  private void replace(KeysetHandle.Builder next) {
    try {
      file.write(next.build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the new key's id is another's: do it again", e);
    }
    renew();
  }

  private synchronized void renew() {
    String text = file.read();
    if (!text.equals(keys.text())) {
      Keys next = Keys.of(file, text);
      before = keys;
      keys = next;
    }
  }

  private static int keyOf(byte[] encrypted) throws GeneralSecurityException {
    if (encrypted.length < PREFIX_BYTES || encrypted[0] != VERSION) {
      throw new GeneralSecurityException("was not encrypted here");
    }
    return ByteBuffer.wrap(encrypted).getInt(1);
  }
}
