package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.HTTP2_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 frames (RFC 9113) that no codec would send: one by one, and without end. */
@NullUnmarked
class Http2FloodsTest {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PUSH_PROMISE = 5;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private static final byte[] NOTHING = {};

  /** ":status: 200" of the static table (RFC 7541). */
  private static final byte[] STATUS_200 = {(byte) 0x88};

  /** What is read before the end, and what the two kernels hold meanwhile. */
  private static final long MOST_TAKEN_BYTES = 8 << 20;

  private static final AttemptResult ACCEPTED = new AttemptResult.Accepted(200);
  private static final AttemptResult HTTP2 = new AttemptResult.Retryable(HTTP2_ERROR, 0, null, "");

  @TempDir static Path directory;
  private static Certificates certificates;
  private static Sending sending;

  @BeforeAll
  static void open() throws Exception {
    certificates = Certificates.in(directory);
    sending = new Sending(certificates.caFile());
  }

  @AfterAll
  static void close() {
    sending.close();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    return ByteBufUtil.getBytes(frame.writeBytes(payload));
  }

  /** A frame of the connection. */
  private static IntFunction<byte[]> of(int type, int flags, byte[] payload) {
    return _ -> frame(type, flags, 0, payload);
  }

  /** A frame of the request's stream. */
  private static IntFunction<byte[]> on(int type, int flags, byte[] payload) {
    return stream -> frame(type, flags, stream, payload);
  }

  /** First {@code once}, then {@code again} without end. */
  private static Arguments flood(
      String name, AttemptResult expected, IntFunction<byte[]> once, IntFunction<byte[]> again) {
    return Arguments.argumentSet(name, expected, once, again);
  }

  static Stream<Arguments> floods() {
    IntFunction<byte[]> silence = _ -> NOTHING;
    IntFunction<byte[]> head = on(HEADERS, END_HEADERS, STATUS_200);
    IntFunction<byte[]> halfHead = on(HEADERS, 0, STATUS_200);
    byte[] one = {0, 0, 0, 8};
    byte[] most = {0x7f, -1, -1, -1};
    return Stream.of(
        flood("a SETTINGS flood", HTTP2, silence, of(SETTINGS, 0, NOTHING)),
        flood("a SETTINGS flood of large frames", HTTP2, silence, of(SETTINGS, 0, new byte[6_000])),
        flood("a PING flood", HTTP2, silence, of(PING, 0, new byte[8])),
        flood("answers to PINGs that nobody sent", HTTP2, silence, of(PING, 1, new byte[8])),
        flood("a RST_STREAM flood", HTTP2, silence, on(RST_STREAM, 0, one)),
        flood("a GOAWAY flood", HTTP2, silence, of(GOAWAY, 0, concat(most, new byte[4]))),
        flood("a PRIORITY flood", HTTP2, silence, on(PRIORITY, 0, new byte[5])),
        flood("frames of an unknown type", HTTP2, silence, of(0xbb, 0, new byte[100])),
        flood(
            "a WINDOW_UPDATE flood", HTTP2, silence, on(WINDOW_UPDATE, 0, new byte[] {0, 0, 0, 1})),
        flood(
            "a CONTINUATION flood of small frames", HTTP2, halfHead, on(CONTINUATION, 0, NOTHING)),
        flood(
            "a header list that does not end", HTTP2, halfHead, on(CONTINUATION, 0, header(4_000))),
        flood("empty DATA frames without end", HTTP2, head, on(DATA, 0, NOTHING)),
        flood("DATA without end", ACCEPTED, head, on(DATA, 0, new byte[8_000])),
        flood("DATA of padding", HTTP2, head, on(DATA, 8, padding())));
  }

  /** A literal header that is not indexed. */
  private static byte[] header(int length) {
    ByteBuf field = Unpooled.buffer();
    field.writeByte(0).writeByte(1).writeByte('x');
    field.writeByte(127).writeByte((length - 127) % 128 + 128).writeByte((length - 127) / 128);
    return ByteBufUtil.getBytes(
        field.writeBytes("y".repeat(length).getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] padding() {
    byte[] padded = new byte[256];
    padded[0] = -1;
    return padded;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(first, second));
  }

  private static byte[] repeated(byte[] frame) {
    int times = Math.max(1, 16_000 / frame.length);
    ByteBuf lot = Unpooled.buffer(times * frame.length);
    for (int i = 0; i < times; i++) {
      lot.writeBytes(frame);
    }
    return lot.array();
  }

  @ParameterizedTest
  @MethodSource("floods")
  void isEndedAfterFewBytesAndItsSocketIsClosed(
      AttemptResult expected, IntFunction<byte[]> once, IntFunction<byte[]> again)
      throws Exception {
    AtomicLong taken = new AtomicLong();
    try (Http2Endpoint endpoint =
        Http2Endpoint.start(
            certificates.good(),
            post -> {
              post.raw(once.apply(post.stream().id()));
              post.rawForever(repeated(again.apply(post.stream().id())), taken);
            })) {
      assertThat(withoutDetail(sending.send(endpoint.port()))).isEqualTo(expected);
      await().atMost(Duration.ofMinutes(1)).until(() -> endpoint.open() == 0);
      assertThat(taken.get()).isLessThan(MOST_TAKEN_BYTES);
    }
  }

  static Stream<Arguments> frames() {
    byte[] most = {0x7f, -1, -1, -1};
    return Stream.of(
        wrong("WINDOW_UPDATE beyond 2^31-1 of the connection", of(WINDOW_UPDATE, 0, most)),
        wrong("WINDOW_UPDATE beyond 2^31-1 of a stream", on(WINDOW_UPDATE, 0, most)),
        wrong("WINDOW_UPDATE by nothing", on(WINDOW_UPDATE, 0, new byte[4])),
        wrong("PUSH_PROMISE", on(PUSH_PROMISE, END_HEADERS, new byte[] {0, 0, 0, 2, (byte) 0x82})),
        wrong("a header list of 4 MB in 4 KB", on(HEADERS, END_HEADERS, bomb())),
        wrong(
            "a header block that is none",
            on(HEADERS, END_HEADERS, new byte[] {-1, -1, -1, -1, -1, -1})),
        wrong("an answer without a status", on(HEADERS, END_HEADERS, header(200))),
        wrong("DATA before the head", on(DATA, 1, new byte[10])),
        wrong(
            "20 KB of DATA before the head",
            stream ->
                concat(
                    frame(DATA, 0, stream, new byte[10_000]),
                    frame(DATA, 0, stream, new byte[10_000]))),
        wrong("a stream that nobody began", _ -> frame(HEADERS, END_HEADERS, 9, STATUS_200)),
        wrong("CONTINUATION of nothing", on(CONTINUATION, END_HEADERS, STATUS_200)),
        wrong(
            "another frame amid a head",
            stream ->
                concat(frame(HEADERS, 0, stream, STATUS_200), frame(PING, 0, 0, new byte[8]))),
        wrong("a frame that says it has 16 MiB", _ -> new byte[] {-1, -1, -1, 0, 0, 0, 0, 0, 1}),
        wrong("a PING of 7 bytes", of(PING, 0, new byte[7])),
        wrong("SETTINGS of 5 bytes", of(SETTINGS, 0, new byte[5])),
        wrong(
            "SETTINGS with a window beyond 2^31-1",
            of(SETTINGS, 0, new byte[] {0, 4, -1, -1, -1, -1})),
        wrong(
            "SETTINGS with frames of 16 MiB and more",
            of(SETTINGS, 0, new byte[] {0, 5, 1, 0, 0, 0})));
  }

  private static Arguments wrong(String name, IntFunction<byte[]> frame) {
    return Arguments.argumentSet(name, frame);
  }

  /** One entry of the compression's table, and a byte for each time it is repeated. */
  private static byte[] bomb() {
    byte[] entry = header(3_900);
    entry[0] = 0x40;
    byte[] again = new byte[1_000];
    Arrays.fill(again, (byte) (0x80 | 62));
    return concat(concat(STATUS_200, entry), again);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void fails(IntFunction<byte[]> frame) throws Exception {
    try (Http2Endpoint endpoint =
        Http2Endpoint.start(
            certificates.good(), post -> post.raw(frame.apply(post.stream().id())))) {
      assertThat(withoutDetail(sending.send(endpoint.port()))).isEqualTo(HTTP2);
    }
  }

  private static AttemptResult withoutDetail(AttemptResult result) {
    return result
            instanceof AttemptResult.Retryable(AttemptFailure failure, int status, var hint, _)
        ? new AttemptResult.Retryable(failure, status, hint, "")
        : result;
  }
}
