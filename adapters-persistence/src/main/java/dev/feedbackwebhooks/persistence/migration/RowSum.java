package dev.feedbackwebhooks.persistence.migration;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.feedbackwebhooks.domain.config.Scope;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds up 64 bit hashes of rows: the same for the same rows in any order. */
final class RowSum {
  private long rows;
  private long sum;

  void add(List<@Nullable Object> row) {
    Hasher hasher = Hashing.murmur3_128().newHasher();
    row.forEach(value -> put(hasher, value));
    rows++;
    sum += hasher.hash().asLong();
  }

  /** With its kind and length in front, so that no two rows look alike. */
  private static void put(Hasher hasher, @Nullable Object value) {
    switch (value) {
      case null -> hasher.putByte((byte) 0);
      case Long number -> hasher.putByte((byte) 1).putLong(number);
      case Boolean truth -> hasher.putByte((byte) 2).putBoolean(truth);
      case String text -> hasher.putByte((byte) 3).putInt(text.length()).putUnencodedChars(text);
      case byte[] bytes -> hasher.putByte((byte) 4).putInt(bytes.length).putBytes(bytes);
      case List<?> elements -> {
        hasher.putByte((byte) 5).putInt(elements.size());
        elements.forEach(element -> put(hasher, element));
      }
      case UUID key ->
          hasher
              .putByte((byte) 6)
              .putLong(key.getMostSignificantBits())
              .putLong(key.getLeastSignificantBits());
      case Scope(String organization, String sandbox) -> {
        put(hasher, organization);
        put(hasher, sandbox);
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }

  long rows() {
    return rows;
  }

  long sum() {
    return sum;
  }
}
