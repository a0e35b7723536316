package dev.feedbackwebhooks.grpc.access;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of an access token's members, as RFC 7519 has them: what a library reads in a lenient
 * way, such as a time beyond all times, could mean something else to the issuer.
 */
final class TokenForm {
  /** 31 December 9999, the last day that has a name. */
  private static final double LAST_SECOND = 253_402_300_799d;

  private static final int LONGEST = 512;

  private TokenForm() {}

  /**
   * @throws Fault.Unauthenticated for a header that asks for what is not done here
   */
  static void checkHeader(Base64URL header) throws ParseException {
    Map<String, Object> members = JSONObjectUtils.parse(header.decodeToString());
    for (String extension : List.of("crit", "b64")) {
      require(!members.containsKey(extension), extension, "names an extension: none is known here");
    }
  }

  /**
   * @throws Fault.Unauthenticated for the first claim that has not the form it must have
   */
  static void checkClaims(Map<String, Object> claims) {
    for (String time : List.of("exp", "nbf", "iat")) {
      if (claims.containsKey(time)) {
        require(isTime(claims.get(time)), time, "is no number of seconds between 1970 and 9999");
      }
    }
    require(claims.containsKey("exp"), "exp", "is missing");
    require(claims.get("sub") instanceof String text && !text.isBlank(), "sub", "is empty");
    for (String text : List.of("sub", "iss")) {
      if (claims.containsKey(text)) {
        require(isName(claims.get(text)), text, "is no text of at most 512 plain characters");
      }
    }
    require(isTexts(claims.get("aud"), true), "aud", "is neither a text nor a list of texts");
    if (claims.containsKey("scope")) {
      require(claims.get("scope") instanceof String, "scope", "is no text");
    }
    for (String list : List.of("organizations", "sandboxes")) {
      if (claims.containsKey(list)) {
        require(isTexts(claims.get(list), false), list, "is no list of texts");
      }
    }
  }

  private static boolean isTime(@Nullable Object value) {
    return value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= LAST_SECOND;
  }

  /** It is shown to people, in records of who changed what. */
  private static boolean isName(@Nullable Object value) {
    return value instanceof String text
        && text.length() <= LONGEST
        && Violations.firstNotPlain(text).isEmpty();
  }

  private static boolean isTexts(@Nullable Object value, boolean orOne) {
    return value instanceof List<?> list
        ? list.stream().allMatch(String.class::isInstance)
        : orOne && value instanceof String;
  }

  private static void require(boolean kept, String member, String rule) {
    if (!kept) {
      throw new Fault.Unauthenticated("the access token's " + member + " " + rule);
    }
  }
}
