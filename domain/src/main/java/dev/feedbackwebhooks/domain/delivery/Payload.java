package dev.feedbackwebhooks.domain.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a POST, and the trace that it belongs to. Fixed at intake: every attempt sends
 * exactly these bytes.
 */
public final class Payload {
  private final byte[] bytes;

  private final @Nullable TraceParent trace;

  private Payload(byte[] bytes, @Nullable TraceParent trace) {
    this.bytes = bytes;
    this.trace = trace;
  }

  /** Wraps without copying: the caller gives the array away. */
  public static Payload of(byte[] bytes) {
    return new Payload(bytes, null);
  }

  /** The same body, as part of a trace or of none. */
  public Payload in(@Nullable TraceParent parent) {
    return parent == null && trace == null ? this : new Payload(bytes, parent);
  }

  /** The traceparent of its event; null without a trace. */
  public @Nullable TraceParent trace() {
    return trace;
  }

  /** The bytes themselves, not a copy: for reading only. */
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  /** The body as UTF-8 text. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload payload
        && Arrays.equals(bytes, payload.bytes)
        && Objects.equals(trace, payload.trace);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Not the bytes: they name a person. */
  @Override
  public String toString() {
    return "Payload[" + bytes.length + " bytes]";
  }
}
