package dev.feedbackwebhooks.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarballIT {
  @TempDir static Path directory;
  static Unpacked shipped;

  @BeforeAll
  static void unpack() throws Exception {
    shipped = Unpacked.in(directory);
  }

  @Test
  void servesOnItsOwnRuntimeByTheSampleSettingsAndIsBackedUpMeanwhile() throws Exception {
    String database = "--database=sqlite:" + shipped.work().resolve("f.db");
    Process server =
        shipped.start(
            Map.of(),
            "serve",
            "--settings=" + shipped.home().resolve("settings.properties"),
            database,
            "--grpc-address=127.0.0.1:0",
            "--ops-address=127.0.0.1:0");
    try {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> Files.readString(shipped.out()).startsWith("ready "));
      String ready = Files.readString(shipped.out());

      assertThat(server.info().command().orElseThrow())
          .isEqualTo(shipped.home().toRealPath() + "/runtime/bin/java");
      assertThat(readiness(ready.strip().replaceFirst(".*ops=", ""))).isEqualTo(200);
      assertThat(
              shipped.run(
                  Map.of("FEEDBACK_WEBHOOKS_TOKEN", "t0ken"),
                  "config",
                  "list",
                  "--server=" + ready.strip().replaceFirst(".*grpc=(\\S+) .*", "$1")))
          .as("what was asked, and no word of how")
          .isEqualTo("0 CONFIGURATION  STATE  HEALTH  CHANNELS  URL  LAST FAILURE\n");
      assertThat(shipped.run(Map.of(), "backup", database, "--to=" + shipped.work() + "/copy.db"))
          .startsWith("0 backed up");
    } finally {
      server.destroy();
    }
    assertThat(server.waitFor()).isZero();
  }

  private static int readiness(String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + address + "/readyz");
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void theCacheOfClassesHoldsWhereItWasUnpacked() throws Exception {
    // With this mode a cache that does not fit ends the start.
    assertThat(shipped.run(Map.of("JAVA_OPTS", "-XX:AOTMode=on"), "--version"))
        .startsWith("0 feedback-webhooks ");
  }

  @Test
  void theBillOfMaterialsNamesEveryLibraryAndNothingOfTheTests() throws Exception {
    String bill = Files.readString(shipped.home().resolve("sbom.cdx.json"));

    assertThat(shipped.libraries()).hasSizeGreaterThan(30);
    assertThat(shipped.libraries())
        .extracting(jar -> "/" + jar.replaceFirst("-([0-9][^-]*).*", "@$1").replace(".jar", ""))
        .allSatisfy(library -> assertThat(bill).contains(library));
    assertThat(bill).doesNotContain("junit", "assertj");
  }
}
