package broken.librarieshaveonehome.grpc;

import java.sql.Connection;

/** Breaks the rule that it is named after. */
record Bad(Connection connection) {}
