package dev.feedbackwebhooks.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A write-ahead log of SQLite, seen by its format: https://sqlite.org/fileformat2.html#walformat
 */
record WalTail(long salts, int frameBytes, long end) {
  private static final int HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int SALT_AT = 16;
  private static final int COMMIT_AT = 4;
  private static final int FRAME_SALT_AT = 8;

  /**
   * Finds the end of the last frame of this log's generation that ends a transaction: what is
   * before it was acknowledged, what follows was not.
   */
  static WalTail of(Path wal) throws IOException {
    byte[] all = Files.readAllBytes(wal);
    if (all.length < HEADER) {
      return new WalTail(0, 0, all.length);
    }
    ByteBuffer log = ByteBuffer.wrap(all);
    long salts = log.getLong(SALT_AT);
    int frame = FRAME_HEADER + log.getInt(8);
    long end = HEADER;
    for (int at = HEADER; at + frame <= all.length; at += frame) {
      if (log.getLong(at + FRAME_SALT_AT) != salts) {
        break;
      }
      if (log.getInt(at + COMMIT_AT) != 0) {
        end = (long) at + frame;
      }
    }
    return new WalTail(salts, frame, end);
  }

  boolean isEmpty() {
    return frameBytes == 0;
  }

  /** The header of a frame of this generation that claims to end a transaction. */
  byte[] forgedHeader() {
    ByteBuffer forged = ByteBuffer.allocate(FRAME_HEADER);
    return forged.putInt(2).putInt(2).putLong(salts).array();
  }
}
