package dev.feedbackwebhooks.cli.terminal;

/** How answers are printed. */
public enum Output {
  /** For people. */
  table,
  /** For programs: one JSON object a line. */
  json
}
