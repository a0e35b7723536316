package dev.feedbackwebhooks.persistence.migration;

/** What a column holds, whichever database it is in. */
enum Kind {
  NUMBER("bigint"),
  TRUTH("boolean"),
  TEXT("text"),
  BYTES("bytea"),
  /** A JSON array in SQLite, an array of text in PostgreSQL. */
  TEXTS("text"),
  /** What an event is known by; SQLite keeps less of it, and it is made of the event's id. */
  KEY("uuid"),
  /** An organization's sandbox; its number may be another one in each database. */
  SCOPE("bigint");

  private final String sent;

  Kind(String sent) {
    this.sent = sent;
  }

  /** The type of the elements that are sent to PostgreSQL. */
  String sent() {
    return sent;
  }
}
