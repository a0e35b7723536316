package dev.feedbackwebhooks.faults;

/** What a run's servers store in. */
enum StoreKind {
  SQLITE,
  POSTGRESQL
}
