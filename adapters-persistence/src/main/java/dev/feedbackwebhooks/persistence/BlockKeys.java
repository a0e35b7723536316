package dev.feedbackwebhooks.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.carrotsearch.hppc.LongHashSet;
import com.carrotsearch.hppc.cursors.LongCursor;
import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableLongArray;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What deliveries are looked up by, as sets that tell surely what they do not hold: 13 bits for
 * each entry, from which none can be read. Recipients are apart, since they go before the rest.
 */
final class BlockKeys {
  private static final double WRONG = 0.002;

  /** Large and odd, so that neighbouring sandboxes share no hashes. */
  private static final long SCOPE = 0x9E37_79B9_7F4A_7C15L;

  /** What is written is read by later versions: the numbers stay. */
  private enum Kind {
    REQUEST(1),
    EXECUTION(2),
    CAMPAIGN(3),
    RECIPIENT(4);

    private final long code;

    Kind(long code) {
      this.code = code;
    }
  }

  private final LongHashSet keys = new LongHashSet();
  private final LongHashSet recipients = new LongHashSet();
  private boolean anyRecipient;

  /** What the filter asks for; nothing if it names none of it. */
  static BlockKeys of(long scopeId, DeliveryFilter filter) {
    BlockKeys asked = new BlockKeys();
    ask(asked.keys, scopeId, Kind.REQUEST, filter.requestId());
    ask(asked.keys, scopeId, Kind.EXECUTION, filter.executionId());
    ask(asked.keys, scopeId, Kind.CAMPAIGN, filter.campaignId());
    ask(asked.recipients, scopeId, Kind.RECIPIENT, filter.recipient());
    return asked;
  }

  private static void ask(LongHashSet to, long scopeId, Kind kind, @Nullable String value) {
    if (value != null) {
      add(to, hash(scopeId, kind, value));
    }
  }

  static long request(long scopeId, String id) {
    return hash(scopeId, Kind.REQUEST, id);
  }

  static long execution(long scopeId, String id) {
    return hash(scopeId, Kind.EXECUTION, id);
  }

  static long campaign(long scopeId, String id) {
    return hash(scopeId, Kind.CAMPAIGN, id);
  }

  static long recipient(long scopeId, String id) {
    return hash(scopeId, Kind.RECIPIENT, id);
  }

  private static long hash(long scopeId, Kind kind, String value) {
    long hash = Hashing.farmHashFingerprint64().hashBytes(value.getBytes(UTF_8)).asLong();
    return hash + SCOPE * (scopeId << 3 | kind.code);
  }

  void add(FreshDelivery delivery) {
    add(keys, delivery.request());
    add(keys, delivery.execution());
    add(keys, delivery.campaign());
    ImmutableLongArray whom = delivery.recipients();
    if (whom == null) {
      anyRecipient = true;
    } else {
      whom.forEach(recipient -> add(recipients, recipient));
    }
  }

  /** 0 is for nothing; what happens to have it as its hash is looked for without a filter. */
  private static void add(LongHashSet to, long hash) {
    if (hash != 0) {
      to.add(hash);
    }
  }

  boolean isEmpty() {
    return keys.isEmpty() && recipients.isEmpty();
  }

  byte[] written() {
    return write(keys);
  }

  /** Null for any. */
  byte @Nullable [] writtenRecipients() {
    return anyRecipient ? null : write(recipients);
  }

  /** Whether a block that {@link #written} and {@link #writtenRecipients} tell of may hold all. */
  boolean mayBeIn(byte @Nullable [] written, byte @Nullable [] writtenRecipients) {
    return mayHold(written, keys) && mayHold(writtenRecipients, recipients);
  }

  private static byte[] write(LongHashSet keys) {
    BloomFilter<Long> filter =
        BloomFilter.create(Funnels.longFunnel(), Math.max(1, keys.size()), WRONG);
    for (LongCursor key : keys) {
      filter.put(key.value);
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      filter.writeTo(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all", e);
    }
  }

  private static boolean mayHold(byte @Nullable [] written, LongHashSet asked) {
    if (written == null || asked.isEmpty()) {
      return true;
    }
    if (written.length == 0) {
      return false;
    }
    try {
      BloomFilter<Long> filter =
          BloomFilter.readFrom(new ByteArrayInputStream(written), Funnels.longFunnel());
      for (LongCursor key : asked) {
        if (!filter.mightContain(key.value)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("a block of the database cannot be read", e);
    }
  }
}
