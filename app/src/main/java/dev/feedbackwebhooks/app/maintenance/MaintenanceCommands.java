package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.cli.terminal.Terminal;
import java.util.List;

/**
 * The commands that work on a database itself. Each prints in one line what it did, and throws a
 * {@link dev.feedbackwebhooks.persistence.stored.StoreException} if it cannot.
 */
public final class MaintenanceCommands {
  private MaintenanceCommands() {}

  /** Their picocli commands. */
  public static List<Runnable> all(Terminal terminal) {
    return List.of(
        new RotateCommand(terminal),
        new BackupCommand(terminal),
        new RestoreCommand(terminal),
        new MigrateCommand(terminal));
  }
}
