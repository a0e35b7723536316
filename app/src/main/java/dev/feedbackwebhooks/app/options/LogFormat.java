package dev.feedbackwebhooks.app.options;

/** How log lines are written: {@code auto} is text on a terminal, else JSON. */
public enum LogFormat {
  auto,
  text,
  json
}
