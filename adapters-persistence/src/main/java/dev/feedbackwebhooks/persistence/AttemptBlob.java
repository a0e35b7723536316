package dev.feedbackwebhooks.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.feedbackwebhooks.domain.delivery.AttemptDetail;
import dev.feedbackwebhooks.domain.delivery.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.delivery.AttemptDetail.Timing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Details of attempts as rows have them: a version, then the fields one after the other. Most
 * deliveries have one, and it is written with each of them, so it is no larger than it must be.
 */
final class AttemptBlob {
  private static final int VERSION = 1;
  private static final int REUSED = 1;
  private static final int CUT = 2;

  private AttemptBlob() {}

  /** Null where there is nothing to tell. */
  static byte @Nullable [] write(AttemptDetail detail) {
    if (detail.equals(AttemptDetail.NONE)) {
      return null;
    }
    var bytes = new ByteArrayOutputStream(256);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(
          (detail.connectionReused() ? REUSED : 0) | (detail.responseBodyCut() ? CUT : 0));
      write(out, detail.timing());
      out.writeUTF(detail.address() == null ? "" : detail.address());
      out.writeUTF(detail.protocol() == null ? "" : detail.protocol());
      write(out, detail.requestHead());
      write(out, detail.responseHead());
      out.writeShort(detail.responseBody().length());
      out.write(detail.responseBody().getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Timing timing) throws IOException {
    out.writeInt(capped(timing.dns()));
    out.writeInt(capped(timing.connect()));
    out.writeInt(capped(timing.tls()));
    out.writeInt(capped(timing.firstByte()));
    out.writeInt(capped(timing.total()));
  }

  /** Half an hour of microseconds fits; attempts are shorter. */
  private static int capped(long micros) {
    return (int) Math.min(micros, Integer.MAX_VALUE);
  }

  private static void write(DataOutputStream out, List<HeaderField> head) throws IOException {
    out.writeByte(head.size());
    for (HeaderField field : head) {
      out.writeBoolean(field.masked());
      out.writeUTF(field.name());
      out.writeUTF(field.value());
    }
  }

  static AttemptDetail read(byte @Nullable [] blob) {
    if (blob == null) {
      return AttemptDetail.NONE;
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(blob))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new StoreException("details of an attempt are of version " + version, null);
      }
      int flags = in.readUnsignedByte();
      return new AttemptDetail(
          new Timing(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt()),
          readNullable(in),
          readNullable(in),
          (flags & REUSED) != 0,
          readHead(in),
          readHead(in),
          new String(in.readNBytes(in.readUnsignedShort()), ISO_8859_1),
          (flags & CUT) != 0);
    } catch (IOException e) {
      throw new StoreException("details of an attempt cannot be read", e);
    }
  }

  private static @Nullable String readNullable(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? null : text;
  }

  private static List<HeaderField> readHead(DataInputStream in) throws IOException {
    List<HeaderField> head = new ArrayList<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      boolean masked = in.readBoolean();
      head.add(new HeaderField(in.readUTF(), in.readUTF(), masked));
    }
    return head;
  }
}
