package dev.feedbackwebhooks.persistence.migration;

/** A column of a table, under the same name in both databases. */
record Column(String name, Kind kind) {}
