package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Libraries for Node, of receivers who verify POSTs and of gRPC clients, installed as
 * package-lock.json says.
 */
final class Npm {
  private static final Path SCRIPTS = Path.of("src/test/receivers");

  private Npm() {}

  /**
   * Verifies a POST, if this machine has Node; the same is verified in Java in any case.
   *
   * @param by what verify.mjs is to verify it by
   */
  static void verify(Path directory, Map<String, Object> by, Endpoint.Received post)
      throws Exception {
    if (!isThere()) {
      System.err.println("no npm on this machine: not verified by the libraries for Node");
      return;
    }
    Map<String, Object> input = new HashMap<>(by);
    input.put("body", post.body());
    input.put(
        "headers",
        post.headers().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().getFirst())));
    assertThat(
            run(
                installed(directory),
                new ObjectMapper().writeValueAsString(input),
                "node",
                "verify.mjs"))
        .isEqualTo("verified\n");
  }

  /** Starts a script on what is installed, with its input; null if this machine has no Node. */
  static @Nullable Process start(Path directory, String script, Map<String, Object> input)
      throws Exception {
    if (!isThere()) {
      System.err.println("no npm on this machine: not tried with Node");
      return null;
    }
    Process process =
        new ProcessBuilder("node", script)
            .directory(installed(directory).toFile())
            .redirectErrorStream(true)
            .start();
    try (var in = process.getOutputStream()) {
      in.write(new ObjectMapper().writeValueAsBytes(input));
    }
    return process;
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return new ProcessBuilder("npm", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static synchronized Path installed(Path directory) throws Exception {
    Path home = directory.resolve("receivers");
    if (!Files.exists(home)) {
      Files.createDirectory(home);
      for (String file :
          new String[] {"package.json", "package-lock.json", "verify.mjs", "streams.mjs"}) {
        Files.copy(SCRIPTS.resolve(file), home.resolve(file));
      }
      String said =
          run(home, "", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent");
      assertThat(said).isEmpty();
    }
    return home;
  }

  private static String run(Path home, String input, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Patience.ends(process)).isTrue();
    return said;
  }
}
