package dev.feedbackwebhooks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that does one half of a peer's work. It reads a number of events from its stdin, does
 * its part for as many, prints the number, and reads the next.
 */
final class PeerProcess implements AutoCloseable {
  /** A round takes seconds; a peer that lost an event would never answer. */
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final Writer orders;
  private final BufferedReader answers;

  private PeerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.orders = process.outputWriter();
    this.answers = process.inputReader();
  }

  static PeerProcess start(Workbench bench, String name, Path in, List<String> command)
      throws IOException {
    Path log = bench.fresh(name);
    return new PeerProcess(bench.start(command, in, log), log.resolve("stderr.txt"));
  }

  /** Tells it to begin; does not wait. */
  void begin(long events) throws IOException {
    orders.write(events + "\n");
    orders.flush();
  }

  /** Waits until it did what it was told. */
  void awaitDone() throws IOException, InterruptedException {
    try {
      String answer =
          CompletableFuture.supplyAsync(this::readLine).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer.isEmpty()) {
        throw new BenchException("a peer gave up:\n" + Files.readString(log));
      }
    } catch (TimeoutException _) {
      throw new BenchException("a peer did not get done:\n" + Files.readString(log));
    } catch (ExecutionException e) {
      throw new BenchException("a peer does not answer: " + e.getCause());
    }
  }

  private String readLine() {
    try {
      String line = answers.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Cpu cpu() {
    return Cpu.ofFamily(process.toHandle());
  }

  @Override
  public void close() {
    Workbench.stop(process);
  }
}
