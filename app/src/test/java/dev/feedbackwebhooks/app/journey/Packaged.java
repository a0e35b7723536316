package dev.feedbackwebhooks.app.journey;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as it is packaged: its jar, the options of its JVM and its class cache, with which a
 * server takes half of the processor's time to start. {@code verify} names the jar; without one, as
 * in a single test, the program is run from the classes.
 */
final class Packaged {
  private static final List<String> JVM = jvm();

  private Packaged() {}

  /** The command that runs the program, up to its arguments, with more options of the JVM. */
  static List<String> command(List<String> options) {
    return command(options, jar().isEmpty() ? classes(Optional.empty()) : List.of("-jar", jar()));
  }

  /**
   * The same without the jars whose names hold a text.
   *
   * @param directory in which the program is put together once more
   */
  static List<String> commandWithout(String missing, Path directory) throws IOException {
    return command(
        List.of(),
        jar().isEmpty() ? classes(Optional.of(missing)) : copyWithout(missing, directory));
  }

  private static List<String> command(List<String> options, List<String> program) {
    return Stream.of(JVM, options, program).flatMap(List::stream).toList();
  }

  private static List<String> classes(Optional<String> missing) {
    String path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                each -> missing.filter(Path.of(each).getFileName().toString()::contains).isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    return List.of("-cp", path, "dev.feedbackwebhooks.app.Main");
  }

  private static List<String> copyWithout(String missing, Path directory) throws IOException {
    // A link would lead to the libraries beside the jar itself.
    Path copy = Files.copy(Path.of(jar()), directory.resolve("copy.jar"));
    Path lib = Files.createDirectory(directory.resolve("lib"));
    try (Stream<Path> libraries = Files.list(Path.of(jar()).resolveSibling("lib"))) {
      for (Path library : libraries.toList()) {
        if (!library.getFileName().toString().contains(missing)) {
          Files.createSymbolicLink(lib.resolve(library.getFileName()), library);
        }
      }
    }
    return List.of("-jar", copy.toString());
  }

  private static String jar() {
    return System.getProperty("program.jar", "");
  }

  private static List<String> jvm() {
    String java = ProcessHandle.current().info().command().orElse("java");
    // Most servers of these tests live for a second or two.
    String quick = "-XX:TieredStopAtLevel=1";
    String options = "@" + Path.of("../packaging/jvm.args").toAbsolutePath();
    return jar().isEmpty()
        ? List.of(java, options, quick)
        : List.of(java, options, quick, "-XX:AOTCache=" + cache(java, options));
  }

  /** Made by the first of the processes that run these tests. */
  private static Path cache(String java, String options) {
    Path cache = Path.of(jar()).resolveSibling("journeys.aot");
    try (FileChannel file =
            FileChannel.open(
                cache.resolveSibling("journeys.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      if (!fits(cache)) {
        make(cache, java, options);
      }
      return cache;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean fits(Path cache) throws IOException {
    return Files.exists(cache)
        && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(Path.of(jar())))
            > 0;
  }

  private static void make(Path cache, String java, String options) throws IOException {
    Files.deleteIfExists(cache);
    Process making =
        new ProcessBuilder(
                "../packaging/class-cache.sh",
                java,
                options,
                "-XX:AOTCacheOutput=" + cache,
                "-jar",
                jar())
            .inheritIO()
            .start();
    if (making.onExit().join().exitValue() != 0) {
      throw new IOException("no class cache was made");
    }
  }
}
