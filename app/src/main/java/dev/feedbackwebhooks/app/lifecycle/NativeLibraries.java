package dev.feedbackwebhooks.app.lifecycle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The directory that Netty puts its libraries into for the moment in which it loads them. Where
 * nobody can write to the directory for temporary files, as in a container whose root is read-only,
 * they go to the database's.
 */
public final class NativeLibraries {
  private static final List<String> DIRECTORIES =
      List.of("io.netty.native.workdir", "io.grpc.netty.shaded.io.netty.native.workdir");

  private NativeLibraries() {}

  public static void besideIfNowhereElse(Path directory) {
    if (!Files.isWritable(Path.of(System.getProperty("java.io.tmpdir", "/tmp")))
        && Files.isWritable(directory)) {
      for (String property : DIRECTORIES) {
        if (System.getProperty(property) == null) {
          System.setProperty(property, directory.toAbsolutePath().toString());
        }
      }
    }
  }
}
