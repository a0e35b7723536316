package dev.feedbackwebhooks.domain.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.ConfigDraft.HeaderDraft;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.Secret;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a customer writes for headers: it is refused with a reason, or cannot break a request.
 */
class HeaderRulesFuzzTest {
  private static final List<HeaderParameter> STORED =
      List.of(new HeaderParameter("X-Key", Secret.of("stored"), true));

  @Property(tries = 1_000)
  void anyHeadersAreRefusedOrStayWithinTheirLines(
      @ForAll("headers") List<HeaderDraft> drafts, @ForAll boolean withJwt) {
    Violations violations = new Violations();
    List<HeaderParameter> headers =
        new HeaderRules(violations, "headers").check(drafts, withJwt, STORED);
    if (!violations.none()) {
      return;
    }
    assertThat(headers).hasSameSizeAs(drafts).hasSizeLessThanOrEqualTo(HeaderRules.MAX_HEADERS);
    assertThat(headers.stream().map(one -> one.name().toLowerCase(Locale.ROOT)))
        .doesNotHaveDuplicates()
        .allSatisfy(name -> checkName(name, withJwt));
    assertThat(headers).allSatisfy(one -> checkValue(one.value().revealText()));
    assertThat(headers.stream().mapToInt(one -> one.name().length() + one.value().size()).sum())
        .isLessThanOrEqualTo(HeaderRules.MAX_TOGETHER_BYTES);
  }

  private static void checkName(String name, boolean withJwt) {
    assertThat(name).matches("[!#$%&'*+.^_`|~0-9a-z-]{1,256}");
    assertThat(name).isNotIn("host", "connection", "transfer-encoding", "te", "upgrade", "expect");
    assertThat(name).doesNotStartWith("content-").doesNotStartWith("webhook-");
    assertThat(withJwt && name.equals("authorization")).isFalse();
  }

  private static void checkValue(String value) {
    assertThat(value).matches("[\t -~]*").isEqualTo(value.strip());
    assertThat(value.length()).isLessThanOrEqualTo(HeaderRules.MAX_VALUE_BYTES);
  }

  @Provide
  Arbitrary<List<HeaderDraft>> headers() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "Host",
                "CONTENT-LENGTH",
                "te",
                "Webhook-Id",
                "proxy-x",
                "Authorization",
                "x-key",
                "X-KEY",
                "x-other",
                "",
                "x y",
                "x:",
                "\u212aeep-alive",
                "ı",
                "x\r\ny",
                "x\u0000"),
            Arbitraries.strings().withChars("xyz-!1").ofMinLength(1).ofMaxLength(6),
            Arbitraries.strings().ofMaxLength(5));
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.of("", "blue", " x", "x\t", "a\r\nHost: b", "é", "\u0085", "\u007f"),
            Arbitraries.integers().between(0, 5_000).map("v"::repeat),
            Arbitraries.strings().ascii().ofMaxLength(8));
    return Combinators.combine(names, values, Arbitraries.of(true, false))
        .as(HeaderDraft::new)
        .list()
        .ofMaxSize(HeaderRules.MAX_HEADERS + 2);
  }
}
