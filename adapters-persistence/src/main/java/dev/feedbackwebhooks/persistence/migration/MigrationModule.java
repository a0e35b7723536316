package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.SQLException;
import java.util.List;

/** Moves a whole store from a SQLite file to a PostgreSQL. */
public final class MigrationModule {
  private MigrationModule() {}

  /** Hears how far it is. What it throws ends the migration, which can be gone on with. */
  public interface Progress {
    /** So many rows of a table are copied, of so many. */
    void copied(String table, long rows, long all);

    /** So many rows of a table were read to be compared, of about so many. */
    void compared(String table, long rows, long all);
  }

  /**
   * What both databases hold of a table.
   *
   * @param sum of its rows: the same for the same rows, in any order
   */
  public record Compared(String table, long rows, long sum, long targetRows, long targetSum) {
    public boolean isEqual() {
      return rows == targetRows && sum == targetSum;
    }
  }

  /**
   * Copies what is not copied yet, and compares all. Only if all is equal do servers take the
   * target.
   *
   * @param from no server uses it; it is not changed
   * @param to an empty database, or one that an earlier run on the same file did not come to the
   *     end of; its key file is that of {@code from}
   * @return what each table holds
   * @throws StoreException if it cannot; what was copied until then stays
   */
  public static List<Compared> migrate(StoreSettings from, PostgresSettings to, Progress progress) {
    try (OfflineStore source = PersistenceModule.offline(from);
        OfflineStore target = PostgresModule.offline(to)) {
      return new Migration(source, target, progress).run();
    } catch (SQLException e) {
      throw new StoreException(
          "cannot copy "
              + from.database()
              + " to "
              + to.name()
              + ": "
              + e.getMessage()
              + "; what was copied stays: run this again to go on",
          e);
    }
  }
}
