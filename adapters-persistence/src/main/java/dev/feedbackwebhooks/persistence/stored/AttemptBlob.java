package dev.feedbackwebhooks.persistence.stored;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableBiMap;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.FailedAddress;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Details of attempts as rows have them: a version, then the fields one after the other. Most
 * deliveries have one, and it is written with each of them, so it is no larger than it must be.
 */
public final class AttemptBlob {
  private static final byte VERSION = 1;
  private static final int REUSED = 1;
  private static final int CUT = 2;
  private static final byte[] NOTHING = {};

  /** Version, flags, times, two numbers of lines, the body's length. */
  private static final int FIXED_BYTES = 2 + 5 * Integer.BYTES + 2 + 2;

  /** That a char takes at most. */
  private static final int UTF_8_BYTES = 3;

  /** In place of a length, which is less: a word follows. */
  private static final int WORD = 0x8000;

  /** What stands in nearly every answer. Rows refer to the numbers: new words come last. */
  private static final ImmutableBiMap<String, Integer> WORDS =
      numbered(
          "h2",
          "http/1.1",
          "server",
          "date",
          "content-type",
          "content-length",
          "connection",
          "cache-control",
          "keep-alive",
          "vary",
          "strict-transport-security",
          "x-content-type-options",
          "application/json",
          "text/plain",
          "text/plain; charset=utf-8",
          "nginx",
          "cloudflare",
          "no-cache",
          "nosniff",
          "0",
          "2");

  private AttemptBlob() {}

  private static ImmutableBiMap<String, Integer> numbered(String... words) {
    ImmutableBiMap.Builder<String, Integer> numbered = ImmutableBiMap.builder();
    for (int i = 0; i < words.length; i++) {
      numbered.put(words[i], i);
    }
    return numbered.buildOrThrow();
  }

  /** Null where there is nothing to tell. */
  public static byte @Nullable [] write(AttemptDetail detail) {
    if (detail.equals(AttemptDetail.NONE)) {
      return null;
    }
    ByteBuffer out = ByteBuffer.allocate(mostBytes(detail));
    out.put(VERSION);
    out.put(
        (byte) ((detail.connectionReused() ? REUSED : 0) | (detail.responseBodyCut() ? CUT : 0)));
    write(out, detail.timing());
    text(out, detail.address());
    text(out, detail.protocol());
    write(out, detail.requestHead());
    write(out, detail.responseHead());
    out.putShort((short) detail.responseBody().length());
    out.put(detail.responseBody().getBytes(ISO_8859_1));
    writeFailed(out, detail.failedAddresses());
    return Arrays.copyOf(out.array(), out.position());
  }

  private static int mostBytes(AttemptDetail detail) {
    return FIXED_BYTES
        + mostBytes(detail.address())
        + mostBytes(detail.protocol())
        + mostBytes(detail.requestHead())
        + mostBytes(detail.responseHead())
        + detail.responseBody().length()
        + mostBytesOfFailed(detail.failedAddresses());
  }

  private static int mostBytesOfFailed(List<FailedAddress> failed) {
    int most = failed.isEmpty() ? 0 : 1;
    for (FailedAddress each : failed) {
      most += mostBytes(each.address()) + mostBytes(each.failure().name());
    }
    return most;
  }

  private static int mostBytes(List<HeaderField> head) {
    int most = 0;
    for (HeaderField field : head) {
      most += 1 + mostBytes(field.name()) + mostBytes(field.value());
    }
    return most;
  }

  private static int mostBytes(@Nullable String text) {
    return 2 + (text == null ? 0 : UTF_8_BYTES * text.length());
  }

  private static void write(ByteBuffer out, Timing timing) {
    out.putInt(capped(timing.dns()));
    out.putInt(capped(timing.connect()));
    out.putInt(capped(timing.tls()));
    out.putInt(capped(timing.firstByte()));
    out.putInt(capped(timing.total()));
  }

  /** Half an hour of microseconds fits; attempts are shorter. */
  private static int capped(long micros) {
    return (int) Math.min(micros, Integer.MAX_VALUE);
  }

  private static void write(ByteBuffer out, List<HeaderField> head) {
    out.put((byte) head.size());
    for (HeaderField field : head) {
      out.put((byte) (field.masked() ? 1 : 0));
      text(out, field.name());
      text(out, field.value());
    }
  }

  /** Behind all that the versions before knew of, which read no further; nothing of none. */
  private static void writeFailed(ByteBuffer out, List<FailedAddress> failed) {
    if (!failed.isEmpty()) {
      out.put((byte) failed.size());
      for (FailedAddress each : failed) {
        text(out, each.address());
        text(out, each.failure().name());
      }
    }
  }

  /** Its length and its bytes, or where it stands among the words. */
  private static void text(ByteBuffer out, @Nullable String text) {
    Integer word = text == null ? null : WORDS.get(text);
    if (word != null) {
      out.putShort((short) (WORD | word));
      return;
    }
    byte[] bytes = text == null ? NOTHING : text.getBytes(UTF_8);
    out.putShort((short) bytes.length);
    out.put(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readUnsignedShort();
    return length < WORD
        ? new String(in.readNBytes(length), UTF_8)
        : Objects.requireNonNull(WORDS.inverse().get(length - WORD), "a word of a later version");
  }

  public static AttemptDetail read(byte @Nullable [] blob) {
    if (blob == null) {
      return AttemptDetail.NONE;
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(blob))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new StoreException("details of an attempt are of version " + version, null);
      }
      int flags = in.readUnsignedByte();
      Timing timing =
          new Timing(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
      String address = readNullable(in);
      String protocol = readNullable(in);
      List<HeaderField> requestHead = readHead(in);
      List<HeaderField> responseHead = readHead(in);
      String body = new String(in.readNBytes(in.readUnsignedShort()), ISO_8859_1);
      return new AttemptDetail(
          timing,
          address,
          protocol,
          (flags & REUSED) != 0,
          readFailed(in),
          requestHead,
          responseHead,
          body,
          (flags & CUT) != 0);
    } catch (IOException e) {
      throw new StoreException("details of an attempt cannot be read", e);
    }
  }

  private static @Nullable String readNullable(DataInputStream in) throws IOException {
    String text = text(in);
    return text.isEmpty() ? null : text;
  }

  private static List<FailedAddress> readFailed(DataInputStream in) throws IOException {
    List<FailedAddress> failed = new ArrayList<>();
    for (int left = Math.max(0, in.read()); left > 0; left--) {
      failed.add(new FailedAddress(text(in), AttemptRow.failure(text(in))));
    }
    return failed;
  }

  private static List<HeaderField> readHead(DataInputStream in) throws IOException {
    List<HeaderField> head = new ArrayList<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      boolean masked = in.readBoolean();
      head.add(new HeaderField(text(in), text(in), masked));
    }
    return head;
  }
}
