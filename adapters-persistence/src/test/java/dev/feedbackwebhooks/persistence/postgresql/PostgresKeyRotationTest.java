package dev.feedbackwebhooks.persistence.postgresql;

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
import java.sql.SQLException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of a database that no server works on is exchanged. */
@NullUnmarked
class PostgresKeyRotationTest {
  private static final int CONFIGS = 20;

  @TempDir Path directory;
  private PostgresSettings settings;

  @BeforeEach
  void settings() throws SQLException {
    settings = new PostgresSettings(PostgresServer.freshDatabase(), directory.resolve("test.key"));
  }

  private OpenPostgres open() {
    return OpenPostgres.on(settings.url(), directory);
  }

  private static Scope scope(int number) {
    return new Scope("org" + number, "prod");
  }

  private String fill() {
    try (OpenPostgres open = open()) {
      for (int i = 0; i < CONFIGS; i++) {
        assertThat(open.store().configs().insert(Samples.fullConfig(scope(i)), Samples.entry()))
            .isTrue();
      }
      return open.store().fingerprints().of("a/b", Secret.of("s"));
    }
  }

  private void assertReadable(String fingerprint) {
    try (OpenPostgres open = open()) {
      for (int i = 0; i < CONFIGS; i++) {
        assertThat(open.store().configs().find(scope(i))).contains(Samples.fullConfig(scope(i)));
      }
      assertThat(open.store().fingerprints().of("a/b", Secret.of("s"))).isEqualTo(fingerprint);
    }
  }

  @Test
  void allIsEncryptedByTheNewKeyAndTheOldOneOpensNothing() throws Exception {
    String fingerprint = fill();
    Path before = Files.copy(settings.secretKeyFile(), directory.resolve("before.key"));
    assertThat(PostgresModule.rotateSecretKey(settings, true))
        .isEqualTo(new KeyRotation(CONFIGS, 0));
    assertReadable(fingerprint);
    assertThat(PostgresModule.rotateSecretKey(settings, false))
        .as("the one that was kept goes with the next")
        .isEqualTo(new KeyRotation(CONFIGS, 2));
    assertReadable(fingerprint);
    Files.copy(before, settings.secretKeyFile(), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not the one");
    assertThatThrownBy(() -> PostgresModule.rotateSecretKey(settings, false))
        .hasMessageContaining("is not the one");
  }

  @Test
  void aServerThatWorksOnItAndADatabaseWithoutSecretsAreInTheWay() {
    assertThatThrownBy(() -> PostgresModule.rotateSecretKey(settings, false))
        .hasMessageContaining("has no secrets yet");
    assertThat(settings.secretKeyFile()).doesNotExist();
    try (OpenPostgres open = open()) {
      // Its clock is made up; this is that of one that lives.
      open.run("UPDATE node SET seen_at = (extract(epoch FROM now()) * 1000)::bigint");
      assertThatThrownBy(() -> PostgresModule.rotateSecretKey(settings, false))
          .hasMessageContaining("stop");
    }
  }
}
