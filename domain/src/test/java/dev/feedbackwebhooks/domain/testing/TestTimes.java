package dev.feedbackwebhooks.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * The list of all tests of a run by the time that they took, slowest first, in the file that the
 * system property {@code test.times} names. The JVMs of all modules write to it, each at the end of
 * each test class, so that it is there as well if the run fails or is stopped.
 */
public final class TestTimes implements TestExecutionListener {
  private static final Path MODULE = Path.of("").toAbsolutePath().getFileName();

  private final @Nullable String file = System.getProperty("test.times");
  private final Map<String, Long> begun = new ConcurrentHashMap<>();

  /** Of each class, of each method of it, the sum over its parameters. */
  private final Map<String, Map<String, Took>> tests = new ConcurrentHashMap<>();

  private record Took(long nanos, int times, boolean failed) {
    Took plus(Took other) {
      return new Took(nanos + other.nanos, times + other.times, failed || other.failed);
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (file != null && test.isTest()) {
      begun.put(test.getUniqueId(), System.nanoTime());
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Long since = begun.remove(test.getUniqueId());
    switch (test.getSource().orElse(null)) {
      case MethodSource method when since != null -> {
        boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
        tests
            .computeIfAbsent(method.getClassName(), _ -> new TreeMap<>())
            .merge(
                method.getMethodName(), new Took(System.nanoTime() - since, 1, failed), Took::plus);
      }
      case ClassSource of when tests.containsKey(of.getClassName()) -> write(of.getClassName());
      case null, default -> {}
    }
  }

  private void write(String className) {
    String test = MODULE + " " + className.substring(className.lastIndexOf('.') + 1) + ".";
    List<String> lines =
        tests.getOrDefault(className, Map.of()).entrySet().stream()
            .map(entry -> line(test + entry.getKey(), entry.getValue()))
            .toList();
    Path path = Path.of(String.valueOf(file));
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      try (FileChannel channel =
              FileChannel.open(
                  path,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.CREATE);
          FileLock _ = channel.lock()) {
        merge(channel, test, lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String test, Took took) {
    String times = took.times() > 1 ? " (" + took.times() + " times)" : "";
    return String.format(
        Locale.ROOT,
        "%9.3f s  %s%s%s",
        took.nanos() / 1e9,
        test,
        times,
        took.failed() ? " FAILED" : "");
  }

  /** What an earlier run wrote of the same class goes. */
  private static void merge(FileChannel channel, String test, List<String> lines)
      throws IOException {
    ByteBuffer before = ByteBuffer.allocate((int) channel.size());
    while (channel.read(before) > 0) {
      // Until all is read.
    }
    String text =
        String.join(
            "\n",
            Stream.concat(
                    lines.stream(),
                    UTF_8
                        .decode(before.flip())
                        .toString()
                        .lines()
                        .filter(line -> !line.contains(" s  " + test)))
                .sorted(Comparator.comparingDouble(TestTimes::seconds).reversed())
                .toList());
    channel.truncate(0);
    ByteBuffer after = UTF_8.encode(text + "\n");
    while (after.hasRemaining()) {
      channel.write(after);
    }
  }

  private static double seconds(String line) {
    return Double.parseDouble(line.substring(0, line.indexOf(" s  ")));
  }
}
