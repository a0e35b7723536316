package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretKeyRotationTest {
  /** More than one transaction's. */
  private static final int CONFIGS = 450;

  @TempDir Path directory;

  private Path keyFile() {
    return OpenStore.settings(directory).secretKeyFile();
  }

  private static Scope scope(int i) {
    return new Scope("org" + i, "prod");
  }

  private void fill() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      for (int i = 0; i < CONFIGS; i++) {
        assertThat(open.store().configs().insert(Samples.fullConfig(scope(i)), Samples.entry()))
            .isTrue();
      }
    }
  }

  private static void assertReadable(OpenStore open, int configs) {
    for (int i = 0; i < configs; i++) {
      assertThat(open.store().configs().find(scope(i))).contains(Samples.fullConfig(scope(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void killedAfterAnyStepNothingIsLostAndTheNextRunEndsIt(int steps) throws Exception {
    fill();
    try (SecretKeyRotation rotation = SecretKeyRotation.open(OpenStore.settings(directory))) {
      runSteps(rotation, steps);
    }
    // What a kill in the middle of writing the file leaves.
    Files.writeString(directory.resolve("test.key.new"), "half of a k");
    try (OpenStore open = OpenStore.in(directory)) {
      assertReadable(open, CONFIGS);
      assertThat(open.store().configs().insert(Samples.fullConfig(scope(CONFIGS)), Samples.entry()))
          .isTrue();
    }
    KeyRotation done = PersistenceModule.rotateSecretKey(OpenStore.settings(directory), false);
    assertThat(done.reencrypted()).isEqualTo(CONFIGS + 1);
    assertThat(done.retired()).isEqualTo(steps == 1 || steps == 2 ? 2 : 1);
    try (OpenStore open = OpenStore.in(directory)) {
      assertReadable(open, CONFIGS + 1);
    }
  }

  private static void runSteps(SecretKeyRotation rotation, int steps) throws Exception {
    if (steps >= 1) {
      rotation.addKey();
    }
    if (steps >= 2) {
      assertThat(rotation.reencrypt()).isEqualTo(CONFIGS);
    }
    if (steps >= 3) {
      assertThat(rotation.retire()).hasValue(1);
    }
  }

  @Test
  void anOpenStoreReadsAndWritesByTheNewKeyAtOnce() throws Exception {
    fill();
    try (OpenStore open = OpenStore.in(directory);
        SecretKeyRotation rotation = SecretKeyRotation.open(OpenStore.settings(directory))) {
      rotation.addKey();
      assertThat(rotation.retire()).as("all rows need the old key").isEmpty();
      assertThat(rotation.reencrypt()).isEqualTo(CONFIGS);
      // Before it has read anything by the new key.
      assertThat(open.store().configs().insert(Samples.fullConfig(scope(CONFIGS)), Samples.entry()))
          .isTrue();
      assertThat(rotation.retire()).as("the new row needs the new key").hasValue(1);
      assertThat(
              open.store()
                  .configs()
                  .insert(Samples.fullConfig(scope(CONFIGS + 1)), Samples.entry()))
          .isTrue();
      assertReadable(open, CONFIGS + 2);
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertReadable(open, CONFIGS + 2);
    }
  }

  @Test
  void fingerprintsOnRecordStayWhatTheyAre() throws Exception {
    String before;
    try (OpenStore open = OpenStore.in(directory)) {
      before = open.store().fingerprints().of("a/b", Secret.of("s"));
    }
    assertThat(PersistenceModule.rotateSecretKey(OpenStore.settings(directory), false).retired())
        .isEqualTo(1);
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().fingerprints().of("a/b", Secret.of("s"))).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theKeyFileOfBeforeOpensNothingOnceRowsNeedTheNewOne(boolean whole) throws Exception {
    fill();
    Path before = Files.copy(keyFile(), directory.resolve("before.key"));
    try (SecretKeyRotation rotation = SecretKeyRotation.open(OpenStore.settings(directory))) {
      runSteps(rotation, whole ? 3 : 2);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
    Files.copy(before, keyFile(), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> OpenStore.in(directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not the one")
        .hasMessageContaining("--secret-key-file");
    assertThatThrownBy(() -> SecretKeyRotation.open(OpenStore.settings(directory)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not the one");
  }

  @Test
  void oldKeysThatAreKeptGoWithTheNextRotation() throws Exception {
    fill();
    StoreSettings settings = OpenStore.settings(directory);
    assertThat(PersistenceModule.rotateSecretKey(settings, true))
        .isEqualTo(new KeyRotation(CONFIGS, 0));
    assertThat(PersistenceModule.rotateSecretKey(settings, false))
        .isEqualTo(new KeyRotation(CONFIGS, 2));
  }

  @Test
  void withoutADatabaseOrItsKeyNothingIsMade() throws Exception {
    StoreSettings settings = OpenStore.settings(directory);
    assertThatThrownBy(() -> PersistenceModule.rotateSecretKey(settings, false))
        .hasMessageContaining("--database");
    assertThat(directory).isEmptyDirectory();
    fill();
    Files.delete(keyFile());
    assertThatThrownBy(() -> PersistenceModule.rotateSecretKey(settings, false))
        .hasMessageContaining("is missing")
        .hasMessageContaining("restore it");
    assertThat(keyFile()).doesNotExist();
  }
}
