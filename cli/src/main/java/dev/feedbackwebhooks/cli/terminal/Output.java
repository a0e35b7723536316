package dev.feedbackwebhooks.cli.terminal;

/** The format of printed answers. */
public enum Output {
  /** For people. */
  table,
  /** For programs: one JSON object a line. */
  json
}
