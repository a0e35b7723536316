package dev.feedbackwebhooks.domain.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The body of a POST. Fixed at intake: every attempt sends exactly these bytes. */
public final class Payload {
  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Wraps without copying: the caller gives the array away. */
  public static Payload of(byte[] bytes) {
    return new Payload(bytes);
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
    return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
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
