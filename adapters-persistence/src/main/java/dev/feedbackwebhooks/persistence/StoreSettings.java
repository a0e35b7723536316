package dev.feedbackwebhooks.persistence;

import java.nio.file.Path;

/**
 * Where the store keeps its data.
 *
 * @param database made on first use, with its directory
 * @param secretKeyFile key that encrypts stored secrets; made on first use, mode 0600
 */
public record StoreSettings(Path database, Path secretKeyFile) {}
