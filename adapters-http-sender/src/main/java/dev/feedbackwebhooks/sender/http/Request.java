package dev.feedbackwebhooks.sender.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A POST as it is about to be sent.
 *
 * @param timestamp seconds since the epoch, of this attempt
 * @param signature null where none is wanted
 */
record Request(
    RequestHead head,
    Post post,
    @Nullable String authorization,
    long timestamp,
    @Nullable String signature) {
  private static final AsciiString WEBHOOK_ID = AsciiString.cached("webhook-id");
  private static final AsciiString WEBHOOK_TIMESTAMP = AsciiString.cached("webhook-timestamp");
  private static final AsciiString WEBHOOK_ATTEMPT = AsciiString.cached("webhook-attempt");
  private static final AsciiString WEBHOOK_SIGNATURE = AsciiString.cached("webhook-signature");
  private static final AsciiString WEBHOOK_TEST = AsciiString.cached("webhook-test");
  private static final AsciiString WEBHOOK_REPLAY = AsciiString.cached("webhook-replay");
  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final byte[] CRLF = {'\r', '\n'};

  /** Room for the headers that each request appends, without its token. */
  private static final int USUAL_REST = 160;

  byte[] body() {
    return post.payload().bytes();
  }

  /** The whole request over HTTP/1.1, head and body in one piece: one TLS record, one write. */
  ByteBuf http1(ByteBufAllocator allocator) {
    int token = authorization == null ? 0 : authorization.length();
    ByteBuf out = allocator.directBuffer(head.http1().length + USUAL_REST + token + body().length);
    out.writeBytes(head.http1());
    ownHeaders((name, value) -> {
      out.writeBytes(name.array(), name.arrayOffset(), name.length()).writeByte(':').writeByte(' ');
      out.writeCharSequence(value, ISO_8859_1);
      out.writeBytes(CRLF);
    });
    return out.writeBytes(CRLF).writeBytes(body());
  }

  /** The head over HTTP/2. */
  Http2Headers http2() {
    Http2Headers headers = head.http2();
    ownHeaders(headers::add);
    return headers;
  }

  /** The head for people, without what is secret in it. */
  List<HeaderField> shown() {
    List<HeaderField> lines = new ArrayList<>(head.shown().size() + 8);
    lines.addAll(head.shown());
    ownHeaders((name, value) -> {
      boolean secret = name.equals(AUTHORIZATION) || name.equals(WEBHOOK_SIGNATURE);
      lines.add(new HeaderField(name.toString(), secret ? "" : value, secret));
    });
    return lines;
  }

  /** Names and values of the headers that are this request's own, in their order. */
  private void ownHeaders(BiConsumer<AsciiString, String> each) {
    each.accept(WEBHOOK_ID, post.id().text());
    each.accept(WEBHOOK_TIMESTAMP, Long.toString(timestamp));
    each.accept(WEBHOOK_ATTEMPT, Integer.toString(post.attempt()));
    if (authorization != null) {
      each.accept(AUTHORIZATION, RequestHead.checked(authorization, ' '));
    }
    if (signature != null) {
      each.accept(WEBHOOK_SIGNATURE, signature);
    }
    switch (post.purpose()) {
      case SendReason.Feedback _ -> {}
      case SendReason.Test _ -> each.accept(WEBHOOK_TEST, "true");
      case SendReason.Replay(String replay) -> each.accept(WEBHOOK_REPLAY, replay);
    }
    TraceParent trace = head.isTracedByCustomer() ? null : post.payload().trace();
    if (trace != null) {
      each.accept(RequestHead.TRACEPARENT, trace.text());
    }
    each.accept(CONTENT_LENGTH, Integer.toString(body().length));
  }
}
