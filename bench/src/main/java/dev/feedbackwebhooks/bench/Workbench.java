package dev.feedbackwebhooks.bench;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A directory to work in, and the processes that were started in it; both are gone at the end. */
final class Workbench implements AutoCloseable {
  private final Path directory;
  private final ArrayDeque<Process> processes = new ArrayDeque<>();

  Workbench() throws IOException {
    directory = Files.createTempDirectory("feedback-webhooks-bench");
    // Ctrl-C leaves nothing behind either: neither processes nor a gigabyte of files.
    Runtime.getRuntime().addShutdownHook(new Thread(this::clear));
  }

  Path directory() {
    return directory;
  }

  /** A directory of its own for one round. */
  Path fresh(String name) throws IOException {
    return Files.createTempDirectory(directory, name);
  }

  /** Starts a process that is killed at the end, if it did not end before. */
  Process start(List<String> command, Path in) throws IOException {
    return start(command, in, in);
  }

  /** The same, with what it says on stderr in another directory. */
  Process start(List<String> command, Path in, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectError(log.resolve("stderr.txt").toFile())
            .start();
    processes.push(process);
    return process;
  }

  /** Runs a command to its end and answers what it printed. */
  static String run(Path in, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new BenchException(String.join(" ", command) + " failed:\n" + said);
    }
    return said;
  }

  /** Whether a program is on the path. */
  static boolean has(String program) {
    return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin", "/bin")
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(25, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private synchronized void clear() {
    // Gently first: an nginx that is killed leaves its worker behind.
    processes.forEach(Process::destroy);
    processes.forEach(process -> process.onExit().completeOnTimeout(process, 2, SECONDS).join());
    processes.forEach(Process::destroyForcibly);
    try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.of()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // A process that is not dead yet wrote another file; the system's own cleaning is left.
    }
  }

  @Override
  public void close() {
    processes.forEach(Workbench::stop);
    clear();
  }
}
