package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite itself, a library in the driver's jar that has to be a file to be loaded: for a moment
 * only, beside the database, where there is room for it, or in the directory for temporary files.
 */
final class NativeSqlite {
  private static final String PREFIX = ".sqlite-";

  /** What a process that was killed while it loaded the library has left is that old. */
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

  private static boolean loaded;

  private NativeSqlite() {}

  /**
   * Loads it, unless it is.
   *
   * @throws StoreException with the reason for each place, if it cannot be loaded from any
   */
  static synchronized void load(Path database) {
    if (loaded) {
      return;
    }
    if (System.getProperty("org.sqlite.lib.path") == null) {
      loadFromOneOf(places(database));
    }
    loaded = true;
  }

  private static Set<Path> places(Path database) {
    Set<Path> places = new LinkedHashSet<>();
    String given = System.getProperty("org.sqlite.tmpdir");
    if (given != null) {
      places.add(Path.of(given));
    }
    Path directory = database.toAbsolutePath().getParent();
    if (directory != null) {
      places.add(directory);
    }
    places.add(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    return places;
  }

  private static void loadFromOneOf(Set<Path> places) {
    StringJoiner failures = new StringJoiner("; ");
    for (Path place : places) {
      try {
        loadFrom(place);
        return;
      } catch (IOException | UnsatisfiedLinkError e) {
        failures.add(place + ": " + e.getMessage());
      } catch (Exception e) {
        // The driver declares no other one.
        failures.add(place + ": " + e);
      }
    }
    throw new StoreException(
        "cannot load SQLite's library, which needs a directory that can be written to, has 2 MB of"
            + " room and is not mounted noexec ("
            + failures
            + "): put the database into one, or name one by JAVA_OPTS=-Djava.io.tmpdir=DIRECTORY",
        null);
  }

  @SuppressWarnings("restricted") // The JVM is started with native access, which SQLite is.
  private static void loadFrom(Path directory) throws Exception {
    String name = LibraryLoaderUtil.getNativeLibName();
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    Path file = Files.createTempFile(directory, PREFIX, ".so");
    try {
      removeLeftBehind(directory, Files.getLastModifiedTime(file));
      try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
        if (library == null) {
          throw new IOException("the program has none for this machine: " + resource);
        }
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
      }
      System.load(file.toAbsolutePath().toString());
      System.setProperty("org.sqlite.lib.path", directory.toAbsolutePath().toString());
      System.setProperty("org.sqlite.lib.name", String.valueOf(file.getFileName()));
      var _ = SQLiteJDBCLoader.initialize();
    } finally {
      // What is loaded stays so without a name.
      Files.deleteIfExists(file);
    }
  }

  private static void removeLeftBehind(Path directory, FileTime now) throws IOException {
    try (DirectoryStream<Path> others = Files.newDirectoryStream(directory, PREFIX + "*.so")) {
      for (Path other : others) {
        if (Files.getLastModifiedTime(other)
            .toInstant()
            .isBefore(now.toInstant().minus(LEFT_BEHIND))) {
          Files.deleteIfExists(other);
        }
      }
    }
  }
}
