package dev.feedbackwebhooks.packaging;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tarball, unpacked where nobody packed it, and run without a Java in the environment. */
record Unpacked(Path home, Path work) {

  static Unpacked in(Path directory) throws Exception {
    Path work = Files.createDirectory(directory.resolve("work"));
    int status =
        new ProcessBuilder("tar", "-xzf", System.getProperty("tarball"), "-C", directory.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("tar ended with " + status);
    }
    try (Stream<Path> found = Files.list(directory)) {
      Path home = found.filter(path -> !path.equals(work)).findFirst().orElseThrow();
      return new Unpacked(home, work);
    }
  }

  Process start(Map<String, String> environment, String... arguments) throws IOException {
    ProcessBuilder process =
        new ProcessBuilder(
                Stream.concat(Stream.of(home + "/bin/feedback-webhooks"), Stream.of(arguments))
                    .toList())
            .directory(work.toFile())
            .redirectErrorStream(false)
            .redirectOutput(out().toFile())
            .redirectError(new File(work.toFile(), "err"));
    process.environment().clear();
    process.environment().put("PATH", "/usr/bin:/bin");
    process.environment().putAll(environment);
    return process.start();
  }

  /** What it printed, after the status that it ended with. */
  String run(Map<String, String> environment, String... arguments) throws Exception {
    int status = start(environment, arguments).waitFor();
    return status + " " + Files.readString(out()) + Files.readString(work.resolve("err"));
  }

  Path out() {
    return work.resolve("out");
  }

  List<String> libraries() throws IOException {
    try (Stream<Path> jars = Files.list(home.resolve("lib/lib"))) {
      return jars.map(jar -> jar.getFileName().toString()).toList();
    }
  }
}
