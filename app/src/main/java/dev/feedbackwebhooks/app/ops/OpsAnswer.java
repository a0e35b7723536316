package dev.feedbackwebhooks.app.ops;

import java.util.Map;

/**
 * An answer of the operators' port.
 *
 * @param headers beside the type and the length
 */
public record OpsAnswer(int status, String type, Map<String, String> headers, String text) {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** A text without other headers. */
  public static OpsAnswer text(int status, String text) {
    return new OpsAnswer(status, TEXT, Map.of(), text);
  }

  /** There is nothing at that path. */
  public static OpsAnswer notFound() {
    return text(404, "not found\n");
  }
}
