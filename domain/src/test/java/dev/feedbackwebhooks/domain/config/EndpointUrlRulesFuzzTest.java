package dev.feedbackwebhooks.domain.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.net.URI;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever a customer writes for a URL: it is refused with a reason, or safe to send to. */
class EndpointUrlRulesFuzzTest {
  private static final EgressPolicy EGRESS = new EgressPolicy(List.of());

  @Property(tries = 2_000)
  void anyUrlIsRefusedWithAReasonOrIsCanonical(@ForAll("urls") String text) {
    checkUrl(text);
  }

  @Property(tries = 500)
  void anyTextIsRefusedOrIsCanonical(@ForAll String text) {
    checkUrl(text);
    checkUrl("https://" + text);
  }

  @Example
  void aLoneBracketIsRefused() {
    assertThat(check("https://[")).isNull();
    assertThat(check("https://[:443/")).isNull();
    assertThat(check("https://[]")).isNull();
  }

  @Example
  void aPathThatLooksLikeAHostIsAPath() {
    assertThat(check("https://hooks.example.com//[::1]")).isNull();
    checkUrl("https://hooks.example.com//other.example/x");
  }

  private static void checkUrl(String text) {
    EndpointUrl url = check(text);
    if (url == null) {
      return;
    }
    assertThat(url.text())
        .startsWith("https://")
        .matches("[!-~]{1,2048}")
        .doesNotContain("#", "\\");
    assertThat(url.port()).isBetween(1, 65_535);
    assertThat(url.target()).startsWith("/");
    assertThat(url.text()).endsWith(url.target());
    assertThat(check(url.text())).as("its own spelling").isEqualTo(url);
    URI parsed = URI.create(url.text());
    assertThat(parsed.getRawUserInfo()).isNull();
    assertThat(parsed.getRawAuthority()).isIn(authority(url, ""), authority(url, ":" + url.port()));
  }

  private static String authority(EndpointUrl url, String port) {
    return (url.host().contains(":") ? "[" + url.host() + "]" : url.host()) + port;
  }

  private static @Nullable EndpointUrl check(String text) {
    Violations violations = new Violations();
    EndpointUrl url = new EndpointUrlRules(EGRESS, violations, "url").check(text);
    assertThat(url == null).as("%s: %s", text, violations.all()).isEqualTo(!violations.none());
    return url;
  }

  /** Pieces that parsers disagree about, in any order. */
  @Provide
  Arbitrary<String> urls() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "a",
            "hooks.example.com",
            "bücher.example",
            "xn--",
            "xn--bcher-kva",
            ".",
            "..",
            "。",
            "１",
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "203.0.113.7",
            "8.8.8.8",
            "[",
            "]",
            "[::1]",
            "[2001:db8::1]",
            "[2606:4700::1111]",
            "[::ffff:8.8.8.8]",
            "[fe80::1%1]",
            "%",
            "%41",
            "%00",
            ":",
            ":443",
            ":0",
            ":99999",
            "@",
            "/",
            "//",
            "?",
            "a=b",
            "#",
            "\\",
            " ",
            "\t",
            "\u0000",
            "\u202e",
            "\ud800",
            "é",
            "😀",
            "localhost",
            ".local",
            "-",
            "_",
            "ß",
            "\u00ad",
            "{",
            "|",
            "^",
            "\"");
    Arbitrary<String> scheme =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.of("https://", "HTTPS://")),
            Tuple.of(1, Arbitraries.of("", "http://", "https:", "https:/", "//")));
    return Combinators.combine(scheme, pieces.list().ofMaxSize(8))
        .as((first, rest) -> first + String.join("", rest));
  }
}
