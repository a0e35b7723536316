package dev.feedbackwebhooks.domain.key;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign a configuration's tokens: one, or two while one takes the place of another.
 *
 * @param current the newest one; it signs, unless the previous one still does
 * @param previous the one before; null if there was none of another id
 */
public record JwtKeys(JwtKey current, @Nullable Previous previous) {
  /**
   * The time that a key is published after it signed last: tokens of it live for an hour at most.
   */
  public static final Duration OVERLAP = Duration.ofHours(24);

  /**
   * A key that is exchanged.
   *
   * @param signsUntil from then on the current one signs
   */
  public record Previous(JwtKey key, Instant signsUntil) {
    public Instant publishedUntil() {
      return signsUntil.plus(OVERLAP);
    }
  }

  /** One key for all time. */
  public static JwtKeys of(JwtKey key) {
    return new JwtKeys(key, null);
  }

  /** The key that signs at a time. */
  public JwtKey signing(Instant now) {
    return previous != null && now.isBefore(previous.signsUntil()) ? previous.key() : current;
  }

  /** When another key takes over; null if none will. */
  public @Nullable Instant nextChange(Instant now) {
    return previous != null && now.isBefore(previous.signsUntil()) ? previous.signsUntil() : null;
  }

  /** The keys that receivers should know at a time. */
  public List<JwtKey> published(Instant now) {
    Previous before = wanted(now);
    return before == null ? List.of(current) : List.of(current, before.key());
  }

  /**
   * These, with another key in the place of the current one.
   *
   * @param from when it begins to sign; a time that is past means now, null means now for another
   *     key, and no change of the time for the same
   */
  public JwtKeys exchangedFor(JwtKey next, @Nullable Instant from, Instant now) {
    Instant begin = from == null || from.isBefore(now) ? now : from;
    JwtKey signing = signing(now);
    if (next.signsLike(current)) {
      return from == null || signing.equals(current)
          ? new JwtKeys(next, next.id() == null ? null : wanted(now))
          : new JwtKeys(next, new Previous(signing, begin));
    }
    return !next.canBeToldFrom(signing) || next.signsLike(signing)
        ? of(next)
        : new JwtKeys(next, new Previous(signing, begin));
  }

  /** The key before, if anybody still has to know it. */
  private @Nullable Previous wanted(Instant now) {
    return previous != null && now.isBefore(previous.publishedUntil()) ? previous : null;
  }
}
