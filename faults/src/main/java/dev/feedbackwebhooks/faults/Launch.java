package dev.feedbackwebhooks.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How to start a server.
 *
 * @param jvm options of its JVM
 * @param program what the JVM runs
 */
record Launch(List<String> jvm, List<String> program, List<String> settings) {
  /** The checkout that it runs from: the launcher starts the rig there, Maven in the module. */
  private static final Path ROOT =
      Path.of(Files.exists(Path.of("packaging")) ? "" : "..").toAbsolutePath().normalize();

  private static final Path JAR = ROOT.resolve("app/target/feedback-webhooks.jar");

  static Launch packaged(List<String> jvm, List<String> settings) {
    return new Launch(jvm, List.of("-jar", JAR.toString(), "serve"), settings);
  }

  /** The same program, begun by another class of this class path. */
  Launch ofClass(Class<?> main) {
    String path = System.getProperty("java.class.path");
    return new Launch(jvm, List.of("-cp", path, main.getName(), "serve"), settings);
  }

  Launch withJvm(String option) {
    return new Launch(Stream.concat(jvm.stream(), Stream.of(option)).toList(), program, settings);
  }

  List<String> command() {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is missing: ./mvnw -Pquick package builds it");
    }
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("@" + ROOT.resolve("packaging/jvm.args"));
    command.addAll(jvm);
    command.addAll(program);
    command.addAll(settings);
    return command;
  }
}
