package dev.feedbackwebhooks.app.journey;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Journeys on PostgreSQL: who takes them cannot tell. */
@NullUnmarked
class PostgresJourneyTest {
  @TempDir Path keys;
  private String database;

  @BeforeEach
  void create() {
    database = Postgres.database();
  }

  private String[] onPostgres(String... settings) {
    return Stream.concat(
            Stream.of("--database=" + database, "--secret-key-file=" + keys.resolve("secret.key")),
            Stream.of(settings))
        .toArray(String[]::new);
  }

  @Nested
  class Deliveries extends DeliveryJourneyTest {
    @Override
    String[] settings(String... settings) {
      return onPostgres(settings);
    }
  }

  @Nested
  class Replays extends ReplayJourneyTest {
    @Override
    String[] settings(String... settings) {
      return onPostgres(settings);
    }
  }

  @Nested
  class Crashes extends CrashJourneyTest {
    @Override
    String[] settings(String... settings) {
      return onPostgres(settings);
    }
  }
}
