package dev.feedbackwebhooks.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The stream's messages as bytes, of which only the ids are made anew: the load shares the
 * processors with what it measures, so it is to cost little, as h2load does.
 */
final class EventBytes {
  /** Events, and how many of them the answer says were accepted. */
  static final MethodDescriptor<byte[], Accepted> METHOD =
      FeedbackIngestServiceGrpc.getStreamFeedbackMethod().toBuilder(
              new RequestBytes(), new AcceptedCount())
          .build();

  private static final int MOST_BYTES = 1_024;

  private final Customers customers;
  private final byte[][] rest;

  EventBytes(Customers customers) {
    this.customers = customers;
    this.rest = new byte[customers.count()][];
  }

  /** A {@link StreamFeedbackRequest} of events {@code first} and on. */
  byte[] request(String run, long first, int count) {
    byte[] buffer = new byte[count * MOST_BYTES];
    CodedOutputStream out = CodedOutputStream.newInstance(buffer);
    try {
      for (long number = first; number < first + count; number++) {
        write(out, run + "-" + number, String.valueOf(number), rest(number));
      }
      return java.util.Arrays.copyOf(buffer, out.getTotalBytesWritten());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(CodedOutputStream out, String event, String request, byte[] rest)
      throws IOException {
    int size =
        CodedOutputStream.computeStringSize(FeedbackEvent.EVENT_ID_FIELD_NUMBER, event)
            + CodedOutputStream.computeStringSize(FeedbackEvent.REQUEST_ID_FIELD_NUMBER, request)
            + rest.length;
    out.writeTag(StreamFeedbackRequest.EVENTS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size);
    out.writeString(FeedbackEvent.EVENT_ID_FIELD_NUMBER, event);
    out.writeString(FeedbackEvent.REQUEST_ID_FIELD_NUMBER, request);
    out.writeRawBytes(rest);
  }

  /** All of an event that is the same for all of its customer's. */
  private byte[] rest(long number) {
    int customer = (int) (number % rest.length);
    byte[] known = rest[customer];
    if (known == null) {
      known =
          customers.event("", customer).toBuilder()
              .clearEventId()
              .clearRequestId()
              .build()
              .toByteArray();
      rest[customer] = known;
    }
    return known;
  }

  /** What an answer came to. */
  record Accepted(int results, int accepted) {}

  private static final class RequestBytes implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] request) {
      return new ByteArrayInputStream(request);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class AcceptedCount implements Marshaller<Accepted> {
    @Override
    public InputStream stream(Accepted answer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Accepted parse(InputStream stream) {
      try {
        CodedInputStream in = CodedInputStream.newInstance(stream.readAllBytes());
        int results = 0;
        int accepted = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          if (WireFormat.getTagFieldNumber(tag) == StreamFeedbackResponse.RESULTS_FIELD_NUMBER) {
            results++;
            accepted += isAccepted(in) ? 1 : 0;
          } else {
            in.skipField(tag);
          }
        }
        return new Accepted(results, accepted);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean isAccepted(CodedInputStream in) throws IOException {
      int outer = in.pushLimit(in.readRawVarint32());
      int outcome = 0;
      while (!in.isAtEnd()) {
        int tag = in.readTag();
        if (WireFormat.getTagFieldNumber(tag) == FeedbackResult.OUTCOME_FIELD_NUMBER) {
          outcome = in.readEnum();
        } else {
          in.skipField(tag);
        }
      }
      in.popLimit(outer);
      return outcome == Outcome.OUTCOME_ACCEPTED_VALUE;
    }
  }
}
