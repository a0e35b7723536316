package dev.feedbackwebhooks.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line says to who uses it wrongly: one line, status 2, the setting's name. */
class MainTest {
  @TempDir Path directory;

  private record Said(int status, String err, String out) {}

  private static Said run(Map<String, String> environment, String... args) {
    PrintStream err = System.err;
    PrintStream out = System.out;
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(args, environment, InstantSource.system());
      return new Said(
          status,
          errBytes.toString(StandardCharsets.UTF_8),
          outBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(err);
      System.setOut(out);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --nonsense=1,                          --nonsense
          --grpc-address=nonsense,               --grpc-address
          --grpc-address=127.0.0.1:70000,        --grpc-address
          --grpc-address=0.0.0.0:9090,           --grpc-address
          --ops-address=:x,                      --ops-address
          --ops-address=0.0.0.0:9091,            --insecure
          --database=mysql:x,                    --database
          --database=sqlite:,                    --database
          --database=postgresql://u:p@h/d,       --database
          --database=postgresql://h/d,           --secret-key-file
          --otlp-headers=nonsense,               --otlp-headers
          --otlp-headers=x key=v,                --otlp-headers
          --otlp-headers=host=v,                 --otlp-headers
          --otlp-headers=authorization=Bearer é, --otlp-headers
          --egress-allow=10.0.0.0/33,            --egress-allow
          --egress-allow=ten,                    --egress-allow
          --egress-allow-hosts=a..example.com,   --egress-allow-hosts
          --egress-allow-hosts=*,                --egress-allow-hosts
          --egress-allow-hosts=a.*.example.com,  --egress-allow-hosts
          --egress-deny-hosts=https://a.com/,    --egress-deny-hosts
          --egress-ports=0,                      --egress-ports
          --egress-ports=2-1,                    --egress-ports
          "--egress-ports=443,65536",            --egress-ports
          --egress-dns=nonsense,                 --egress-dns
          --egress-dns=127.0.0.1:0,              --egress-dns
          --egress-proxy=proxy.example.com:3128, --egress-proxy
          --egress-proxy=https://a.com:3128,     --egress-proxy
          --egress-proxy=http://a.com,           --egress-proxy
          --egress-proxy=http://a.com:70000,     --egress-proxy
          --egress-proxy=http://a.com:3128/path, --egress-proxy
          --egress-ca=/does/not/exist,           --egress-ca
          "--retry-schedule=5s,-1s",             --retry-schedule
          --retry-schedule=soon,                 --retry-schedule
          --retry-schedule=31d,                  --retry-schedule
          --attempt-timeout=0s,                  --attempt-timeout
          --attempt-timeout=56s,                 --lease
          --connect-timeout=16s,                 --connect-timeout
          --lease=20s,                           --lease
          --endpoint-in-flight=0,                --endpoint-in-flight
          --total-in-flight=x,                   --total-in-flight
          --delivery-memory=0,                   --delivery-memory
          --auth=password,                       --auth
          --auth=jwt,                            --auth-jwks
          --auth-audience=a,                     --auth-audience
          --tls-cert=/does/not/exist,            --tls-cert
          --tls-client-ca=/does/not/exist,       --tls-client-ca
          --grpc-address=0.0.0.0:9090,           --insecure
          --auth-issuer=a,                       --auth-issuer
          --grpc-connections=0,                  --grpc-connections
          --grpc-connection-age=0s,              --grpc-connection-age
          --grpc-connection-idle=0s,             --grpc-connection-idle
          --grpc-handshake-timeout=0s,           --grpc-handshake-timeout
          --grpc-connection-grace=x,             --grpc-connection-grace
          --grpc-reflection=maybe,               --grpc-reflection
          --log-format=xml,                      --log-format
          """)
  void aBadSettingIsNamedAndNothingStarts(String flag, String named) {
    Said said = run(Map.of(), "serve", flag);
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).startsWith("feedback-webhooks: ").contains(named);
    assertThat(said.err().lines()).hasSize(1);
    assertThat(said.out()).isEmpty();
  }

  @Test
  void beyondThisMachineItTakesTlsAndAuth() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    String address = "--grpc-address=0.0.0.0:0";
    String[] tls = {"--tls-cert=" + file, "--tls-key=" + file};
    String[] jwt = {"--auth=jwt", "--auth-audience=a", "--auth-jwks=" + file};
    assertThat(run(Map.of(), "serve", address, tls[0], tls[1]))
        .satisfies(said -> assertThat(said.status()).isEqualTo(2))
        .satisfies(said -> assertThat(said.err()).contains("--grpc-address", "--insecure"));
    assertThat(run(Map.of(), "serve", address, jwt[0], jwt[1], jwt[2]))
        .satisfies(said -> assertThat(said.status()).isEqualTo(2))
        .satisfies(said -> assertThat(said.err()).contains("--grpc-address", "--tls-cert"));
    // The settings pass, and another one is complained of.
    assertThat(
            run(Map.of(), "serve", address, tls[0], tls[1], jwt[0], jwt[1], jwt[2], "--lease=1s"))
        .satisfies(said -> assertThat(said.err()).contains("--lease"));
    assertThat(run(Map.of(), "serve", address, "--insecure", "--lease=1s").err())
        .contains("--lease");
    String ops = "--ops-address=0.0.0.0:0";
    assertThat(run(Map.of(), "serve", ops).err()).contains("--ops-address", "--insecure");
    assertThat(run(Map.of(), "serve", ops, tls[0], tls[1], "--lease=1s").err()).contains("--lease");
    assertThat(run(Map.of(), "serve", ops, "--insecure", "--lease=1s").err()).contains("--lease");
  }

  @ParameterizedTest
  @CsvSource({
    "http://keys.example/jwks",
    "ftp://keys.example/jwks",
    "https:///jwks",
    "http://127.0.0.1.evil/"
  })
  void keysAreNotFetchedInTheClear(String url) {
    Said said = run(Map.of(), "serve", "--auth=jwt", "--auth-audience=a", "--auth-jwks=" + url);
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).contains("--auth-jwks");
  }

  @Test
  void aPasswordInADatabaseUrlIsNotRepeated() {
    Said said = run(Map.of(), "serve", "--database=postgresql://u:s3cr3t@h/d");
    assertThat(said.err()).doesNotContain("s3cr3t");
    assertThat(run(Map.of(), "serve", "--database=mysql://u:s3cr3t@h/d").err())
        .doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://u:s3cr3t@h", "https://u:s3cr3t@h:1", "http://u:s3cr3t @h:1", "u:s3cr3t@h"})
  void aPasswordOfAProxyIsNotRepeated(String url) {
    Said said = run(Map.of("FEEDBACK_WEBHOOKS_EGRESS_PROXY", url), "serve");
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).contains("--egress-proxy").doesNotContain("s3cr3t");
  }

  @Test
  void aPasswordOfAProxyIsNotADefaultThatHelpShows() {
    Map<String, String> set = Map.of("FEEDBACK_WEBHOOKS_EGRESS_PROXY", "http://u:s3cr3t@h:1");
    assertThat(run(set, "serve", "--help").out())
        .contains("--egress-proxy")
        .doesNotContain("s3cr3t");
  }

  @Test
  void theEnvironmentAndTheFileAreReadAndUnknownNamesInThemRefused() throws Exception {
    Said environment = run(Map.of("FEEDBACK_WEBHOOKS_LEASE", "1s"), "serve");
    assertThat(environment.err()).contains("--lease");
    Said unknown = run(Map.of("FEEDBACK_WEBHOOKS_LEESE", "1s"), "serve");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("FEEDBACK_WEBHOOKS_LEESE");

    Path file = directory.resolve("settings.properties");
    Files.writeString(file, "lease = 1s\n");
    assertThat(run(Map.of(), "serve", "--settings", file.toString()).err()).contains("--lease");
    Files.writeString(file, "leese = 1s\n");
    assertThat(run(Map.of(), "serve", "--settings=" + file).err())
        .contains("leese")
        .contains("settings.properties");
    Said missing = run(Map.of(), "serve", "--settings=/does/not/exist");
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err()).contains("/does/not/exist");
  }

  @Test
  void theRotationReadsTheServersSettings() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "lease = 1s\ndatabase = mysql:x\n");
    Said said = run(Map.of(), "rotate-secret-key", "--settings=" + file);
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).contains("--database");
    assertThat(run(Map.of(), "rotate-secret-key", "--lease=1s").status()).isEqualTo(2);
    assertThat(run(Map.of(), "rotate-secret-key", "--help").out()).contains("--keep-old-keys");
  }

  @ParameterizedTest
  @CsvSource({
    "sqlite:x, mysql://u:s3cr3t@h/d, --to",
    "sqlite:x, postgresql://u:s3cr3t@h/d, --to",
    "postgresql://h/d?password=s3cr3t, postgresql://h/d, --from",
    "sqlite:, postgresql://h/d, --from"
  })
  void aMigrationIsFromAFileToAServer(String from, String to, String named) {
    Said said = run(Map.of(), "migrate", "--from=" + from, "--to=" + to);
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).contains(named + ":").doesNotContain("s3cr3t");
    assertThat(run(Map.of(), "migrate", "--from=" + from).err()).contains("--to");
  }

  @Test
  void aFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheFile() throws Exception {
    Path file = directory.resolve("settings.properties");
    Files.writeString(file, "endpoint-in-flight = 0\n");
    Map<String, String> good = Map.of("FEEDBACK_WEBHOOKS_ENDPOINT_IN_FLIGHT", "9");
    String[] stop = {"serve", "--settings=" + file, "--lease=1s"};
    assertThat(run(Map.of(), "serve", "--settings=" + file).err()).contains("--endpoint-in-flight");
    assertThat(run(good, stop).err()).contains("--lease").doesNotContain("--endpoint-in-flight");
    Map<String, String> bad = Map.of("FEEDBACK_WEBHOOKS_LEASE", "2s");
    assertThat(run(bad, "serve", "--lease=90s", "--attempt-timeout=88s").err()).contains("--lease");
  }

  @Test
  void helpAndVersionAreThere() {
    Said help = run(Map.of(), "serve", "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("--egress-allow").contains("--retry-schedule");
    assertThat(run(Map.of(), "--version").out()).startsWith("feedback-webhooks ");
    assertThat(run(Map.of(), "--help").out()).contains("serve");
    assertThat(run(Map.of()).status()).isEqualTo(2);
    assertThat(run(Map.of(), "fly").status()).isEqualTo(2);
  }
}
