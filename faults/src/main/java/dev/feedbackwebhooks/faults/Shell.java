package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Fault.Skipped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The system's own programs, for what Java cannot do. */
final class Shell {
  private Shell() {}

  /**
   * @throws Skipped if there is no such program, or it fails
   */
  static String run(String... command) throws Skipped, InterruptedException {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new Skipped(String.join(" ", command) + ": " + said.strip());
      }
      return said.strip();
    } catch (IOException e) {
      throw new Skipped(String.valueOf(e.getMessage()));
    }
  }

  static void signal(String signal, ServerProcess server) throws Skipped, InterruptedException {
    var _ = run("kill", "-" + signal, String.valueOf(server.pid()));
  }

  /** Sets a soft limit of a running process, which may be raised again without root. */
  static void limit(ServerProcess server, String resource, String soft)
      throws Skipped, InterruptedException {
    var _ =
        run("prlimit", "--pid", String.valueOf(server.pid()), "--" + resource + "=" + soft + ":");
  }

  static boolean isRoot() throws Skipped, InterruptedException {
    return run("id", "-u").equals("0");
  }
}
