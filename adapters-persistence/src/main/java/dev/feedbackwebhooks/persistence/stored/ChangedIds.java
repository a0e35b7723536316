package dev.feedbackwebhooks.persistence.stored;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** Changed deliveries by scope as longs, big-endian: scope, number of its deliveries, their ids. */
public final class ChangedIds {
  private ChangedIds() {}

  public static byte[] write(Map<Long, ImmutableLongArray.Builder> changed) {
    ImmutableLongArray.Builder all = ImmutableLongArray.builder();
    changed.forEach((scopeId, builder) -> {
      long[] ids = builder.build().stream().sorted().distinct().toArray();
      all.add(scopeId).add(ids.length).addAll(ids);
    });
    long[] longs = all.build().toArray();
    ByteBuffer bytes = ByteBuffer.allocate(longs.length * Long.BYTES);
    bytes.asLongBuffer().put(longs);
    return bytes.array();
  }

  /** Those of one scope, ascending. */
  public static ImmutableLongArray read(byte[] bytes, long scopeId) {
    LongBuffer all = ByteBuffer.wrap(bytes).asLongBuffer();
    while (all.hasRemaining()) {
      boolean found = all.get() == scopeId;
      int count = Math.toIntExact(all.get());
      if (found) {
        long[] ids = new long[count];
        all.get(ids);
        return ImmutableLongArray.copyOf(ids);
      }
      all.position(all.position() + count);
    }
    return ImmutableLongArray.of();
  }
}
