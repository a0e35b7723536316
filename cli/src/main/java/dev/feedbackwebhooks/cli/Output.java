package dev.feedbackwebhooks.cli;

/** How answers are printed. */
enum Output {
  /** For people. */
  table,
  /** For programs: one JSON object a line. */
  json
}
