package dev.feedbackwebhooks.app.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.feedbackwebhooks.app.rules.HouseRules.Named;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HouseRulesTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new MainCode())
          .importPackages("dev.feedbackwebhooks");

  static List<Named> rules() {
    return new HouseRules("dev.feedbackwebhooks").all();
  }

  @Test
  void everyModuleIsLookedAt() {
    for (String module : List.of("domain", "grpc", "sender", "persistence", "app", "proto.v1")) {
      assertThat(HOUSE.stream())
          .as(module)
          .anyMatch(type -> type.getPackageName().startsWith("dev.feedbackwebhooks." + module));
    }
    assertThat(HOUSE.contain(HouseRulesTest.class)).isFalse();
    assertThat(HOUSE.stream()).noneMatch(type -> type.getPackageName().contains(".testing"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseKeepsIt(Named rule) {
    rule.rule().check(HOUSE);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void itsFixtureBreaksIt(Named rule) {
    String root = "broken." + rule.fixture().toLowerCase(Locale.ROOT);
    JavaClasses fixture = new ClassFileImporter().importPackages(root);
    assertThat(fixture).isNotEmpty();
    Named atFixture =
        new HouseRules(root)
            .all().stream()
                .filter(named -> named.fixture().equals(rule.fixture()))
                .findFirst()
                .orElseThrow();
    assertThatThrownBy(() -> atFixture.rule().check(fixture))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("(?s).*(Bad|nocycles).*");
  }
}
