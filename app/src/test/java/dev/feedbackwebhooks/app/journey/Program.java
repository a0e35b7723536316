package dev.feedbackwebhooks.app.journey;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program as a process, with the environment and the class path that a test gives it. */
final class Program {
  private final Path directory;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private Optional<String> missing = Optional.empty();

  /**
   * With an empty environment.
   *
   * @param directory for what it writes on standard error
   */
  Program(Path directory) {
    this.directory = directory;
  }

  Program with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** With an option of the JVM's. */
  Program option(String option) {
    options.add(option);
    return this;
  }

  /** Without the jars whose names hold this. */
  Program without(String jar) {
    missing = Optional.of(jar);
    return this;
  }

  /**
   * How it ended.
   *
   * @param status of a server that is ready {@link #READY}, though it would run on
   */
  record Ended(int status, String out, String err) {
    static final int READY = -1;
  }

  /** Runs a command until it ends, or a server until it is ready, which is killed then. */
  Ended run(String... args) throws IOException, InterruptedException {
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process process = start(err, args);
    CompletableFuture.delayedExecutor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    StringBuilder out = new StringBuilder();
    boolean ready = false;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !ready) {
        out.append(line).append('\n');
        ready = line.startsWith("ready ");
        line = ready ? null : lines.readLine();
      }
    }
    if (ready) {
      process.destroyForcibly();
    }
    int status = process.waitFor();
    return new Ended(ready ? Ended.READY : status, out.toString(), Files.readString(err));
  }

  /** Starts it, and leaves it to the caller. */
  Process start(Path err, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            missing.isPresent()
                ? Packaged.commandWithout(missing.get(), directory)
                : Packaged.command(options));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** A server's arguments, on ports of its own. */
  static String[] serve(String database, String... settings) {
    List<String> args = new ArrayList<>();
    args.addAll(
        List.of(
            "serve",
            "--grpc-address=127.0.0.1:0",
            "--ops-address=127.0.0.1:0",
            "--database=" + database));
    args.addAll(List.of(settings));
    return args.toArray(String[]::new);
  }
}
