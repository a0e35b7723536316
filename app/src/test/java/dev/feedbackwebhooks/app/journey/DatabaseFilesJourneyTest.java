package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server makes of its database's files, and of those that somebody else did things to. */
class DatabaseFilesJourneyTest {
  private static final String LOST = "write-ahead log that it left is not there any more";
  private static final String READERS = "may be read by others than its owner";

  @TempDir Path directory;

  private Path database() {
    return directory.resolve("feedback.db");
  }

  private Program.Ended start(Path file) throws Exception {
    return new Program(directory)
        .run(
            Program.serve(
                "sqlite:" + file, "--secret-key-file=" + directory.resolve("feedback.db.key")));
  }

  private void assertRefused(Path file, String why) throws Exception {
    Program.Ended ended = start(file);
    assertThat(ended.status()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err()).contains("feedback-webhooks: ", why).doesNotContain("\tat ");
  }

  @Test
  void aDatabaseIsOneByWhateverNameItIsOpened() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer _ = RunningServer.start(directory, endpoint)) {
      Path link = Files.createSymbolicLink(elsewhere.resolve("link.db"), database());
      assertRefused(link, "in use by another process");
      Path through = Files.createSymbolicLink(directory.resolve("through"), directory);
      assertRefused(through.resolve("feedback.db"), "in use by another process");
      // As somebody may who takes it for a left-over one.
      Files.delete(directory.resolve("feedback.db.lock"));
      assertRefused(database(), "in use by another process");
      Path hard = Files.createLink(elsewhere.resolve("hard.db"), database());
      assertRefused(hard, "has 2 names (hard links)");
      Files.delete(hard);
      assertThat(elsewhere)
          .as("nobody made a log of their own")
          .isDirectoryNotContaining("glob:**-wal");
    }
  }

  @Test
  void aDatabaseThatIsMountedAtASecondPlaceIsInUse() throws Exception {
    Path mounted = Files.createFile(Files.createDirectory(directory.resolve("m")).resolve("b.db"));
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer _ = RunningServer.start(directory, endpoint)) {
      assumeTrue(run("mount", "--bind", database().toString(), mounted.toString()) == 0, "no root");
      try {
        assertRefused(mounted, "in use by another process");
      } finally {
        assertThat(run("umount", mounted.toString())).isZero();
      }
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException _) {
      return -1;
    }
  }

  @Test
  void aLogThatWasTakenAwayAfterAKillIsMissed() throws Exception {
    assertThat(start(database()).status()).as("killed").isEqualTo(Program.Ended.READY);
    assertThat(start(database()).err()).as("its log is there").doesNotContain(LOST);
    Path copy = directory.resolve("backup.db");
    assertThat(RunningServer.offline(directory, "backup", "--to=" + copy)).startsWith("0 ");
    assertThat(start(database()).err()).as("backup copied it back").doesNotContain(LOST);
    Files.delete(directory.resolve("feedback.db-wal"));
    Program.Ended ended = start(database());
    assertThat(ended.status()).isEqualTo(Program.Ended.READY);
    assertThat(ended.err().lines().filter(line -> line.contains(LOST))).hasSize(1);
    Files.write(directory.resolve("feedback.db-wal"), new byte[0]);
    assertThat(start(database()).err()).as("emptied").contains(LOST);
  }

  @Test
  void aDatabaseThatWasClosedNeedsNoLogWhereverItIsCopiedTo() throws Exception {
    Path copy = directory.resolve("copy.db");
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      assertThat(directory.resolve("feedback.db-open")).exists();
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    assertThat(directory.resolve("feedback.db-open")).doesNotExist();
    Files.copy(database(), copy);
    assertThat(start(copy).err()).doesNotContain(LOST);
    assertThat(start(database()).err()).doesNotContain(LOST);
  }

  @Test
  void aDatabaseThatOthersMayReadIsWarnedOf() throws Exception {
    assertThat(start(database()).err()).doesNotContain(READERS);
    Files.setPosixFilePermissions(database(), PosixFilePermissions.fromString("rw-r--r--"));
    String err = start(database()).err();
    assertThat(err.lines().filter(line -> line.contains(READERS))).hasSize(1);
    assertThat(err).contains("feedback.db (rw-r--r--)");
  }

  @Test
  void nothingIsLeftInTheTemporaryDirectoryAndNoneIsNeeded() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    String[] serve = Program.serve("sqlite:" + database());
    String tmpdir = "-Djava.io.tmpdir=";
    for (int starts = 0; starts < 2; starts++) {
      Program.Ended killed = new Program(directory).option(tmpdir + temporary).run(serve);
      assertThat(killed.status()).as(killed.err()).isEqualTo(Program.Ended.READY);
      assertThat(files(temporary)).isEmpty();
      assertThat(files(directory)).noneMatch(name -> name.endsWith(".so") || name.endsWith(".lck"));
    }
    Program.Ended without =
        new Program(directory).option(tmpdir + directory.resolve("missing")).run(serve);
    assertThat(without.status()).as(without.err()).isEqualTo(Program.Ended.READY);
  }

  @Test
  void whereALibraryCannotBeLoadedTheReasonIsSaid() throws Exception {
    Path noexec = Files.createDirectory(directory.resolve("noexec"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "noexec,size=8m", "tmpfs", noexec.toString()) == 0,
        "no root");
    try {
      String[] serve = Program.serve("sqlite:" + noexec.resolve("feedback.db"));
      Program.Ended ended = new Program(directory).option("-Djava.io.tmpdir=" + noexec).run(serve);
      assertThat(ended.status()).as(ended.err()).isEqualTo(1);
      assertThat(ended.err())
          .contains("cannot load SQLite's library", "noexec", noexec.toString())
          .doesNotContain("\tat ");
      assertThat(files(noexec)).noneMatch(name -> name.endsWith(".so"));
      Program.Ended elsewhere = new Program(directory).run(serve);
      assertThat(elsewhere.status()).as(elsewhere.err()).isEqualTo(Program.Ended.READY);
    } finally {
      assertThat(run("umount", noexec.toString())).isZero();
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
