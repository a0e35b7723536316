package dev.feedbackwebhooks.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that says which test backs a promise names one that is there. */
class DocumentedTestsTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:[.#](\\w+))?`");

  /** Tests run in their module's directory. */
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @ValueSource(strings = {"docs/security.md", "docs/hostile.md"})
  void everyTestItNamesExists(String document) throws IOException {
    Set<String> named = names(Files.readString(ROOT.resolve(document)));
    assertThat(named).as("tests that it names").isNotEmpty();
    assertThat(named).allSatisfy(name -> assertThat(exists(name)).as(name).isTrue());
  }

  private static Set<String> names(String text) {
    return TEST.matcher(text)
        .results()
        .map(MatchResult::group)
        .map(name -> name.replace("`", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A class of tests; or, behind a dot, one of its methods. */
  private static boolean exists(String name) throws IOException {
    String[] parts = name.split("[.#]", 2);
    try (Stream<Path> files = Files.find(ROOT, 12, (path, _) -> isSource(path, parts[0]))) {
      for (Path file : files.toList()) {
        if (parts.length == 1 || Files.readString(file).contains("void " + parts[1] + "(")) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isSource(Path path, String type) {
    return path.endsWith(type + ".java") && path.toString().contains("src/test/java");
  }
}
