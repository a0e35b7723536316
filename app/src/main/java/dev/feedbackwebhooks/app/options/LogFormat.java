package dev.feedbackwebhooks.app.options;

/** The format of log lines: {@code auto} is text on a terminal, else JSON. */
public enum LogFormat {
  auto,
  text,
  json
}
