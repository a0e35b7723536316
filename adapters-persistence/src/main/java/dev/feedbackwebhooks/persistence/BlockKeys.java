package dev.feedbackwebhooks.persistence;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnel;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What deliveries are looked up by, as sets that tell surely what they do not hold: 13 bits for
 * each entry, from which none can be read. Recipients are apart, since they go before the rest.
 */
final class BlockKeys {
  private static final double WRONG = 0.002;

  private enum Kind {
    REQUEST,
    EXECUTION,
    CAMPAIGN,
    RECIPIENT
  }

  private record Key(long scopeId, Kind kind, String value) {}

  // By the kind's name, not its place: what is written is read by later versions.
  private static final Funnel<Key> FUNNEL =
      (key, into) ->
          into.putLong(key.scopeId())
              .putUnencodedChars(key.kind().name())
              .putUnencodedChars(key.value());

  private final Set<Key> keys = new HashSet<>();
  private final Set<Key> recipients = new HashSet<>();

  /** What the filter asks for; nothing if it names none of it. */
  static BlockKeys of(long scopeId, DeliveryFilter filter) {
    BlockKeys asked = new BlockKeys();
    asked.add(scopeId, filter.requestId(), filter.executionId(), filter.campaignId());
    asked.addRecipient(scopeId, filter.recipient());
    return asked;
  }

  void add(
      long scopeId,
      @Nullable String request,
      @Nullable String execution,
      @Nullable String campaign) {
    add(keys, scopeId, Kind.REQUEST, request);
    add(keys, scopeId, Kind.EXECUTION, execution);
    add(keys, scopeId, Kind.CAMPAIGN, campaign);
  }

  void addRecipient(long scopeId, @Nullable String recipient) {
    add(recipients, scopeId, Kind.RECIPIENT, recipient);
  }

  private static void add(Set<Key> to, long scopeId, Kind kind, @Nullable String value) {
    if (value != null) {
      to.add(new Key(scopeId, kind, value));
    }
  }

  boolean isEmpty() {
    return keys.isEmpty() && recipients.isEmpty();
  }

  byte[] written() {
    return write(keys);
  }

  byte[] writtenRecipients() {
    return write(recipients);
  }

  /** Whether a block that {@link #written} and {@link #writtenRecipients} tell of may hold all. */
  boolean mayBeIn(byte @Nullable [] written, byte @Nullable [] writtenRecipients) {
    return mayHold(written, keys) && mayHold(writtenRecipients, recipients);
  }

  private static byte[] write(Set<Key> keys) {
    BloomFilter<Key> filter = BloomFilter.create(FUNNEL, Math.max(1, keys.size()), WRONG);
    keys.forEach(filter::put);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      filter.writeTo(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all", e);
    }
  }

  private static boolean mayHold(byte @Nullable [] written, Set<Key> asked) {
    if (written == null || asked.isEmpty()) {
      return true;
    }
    if (written.length == 0) {
      return false;
    }
    try {
      BloomFilter<Key> filter = BloomFilter.readFrom(new ByteArrayInputStream(written), FUNNEL);
      return asked.stream().allMatch(filter::mightContain);
    } catch (IOException e) {
      throw new UncheckedIOException("a block of the database cannot be read", e);
    }
  }
}
