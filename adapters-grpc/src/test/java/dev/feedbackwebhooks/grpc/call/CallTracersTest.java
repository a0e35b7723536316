package dev.feedbackwebhooks.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.access.CallListener;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallTracersTest {
  private static final String GET = "feedback.v1.DeliveryService/GetDelivery";

  private final List<String> heard = new ArrayList<>();

  private final ServerStreamTracer call =
      new CallTracers(
              new CallListener() {
                @Override
                public void began(String method) {
                  heard.add("began " + method);
                }

                @Override
                public void ended(String method, String status, Duration took) {
                  heard.add("ended " + method + " " + status);
                }

                @Override
                public void unknown() {
                  heard.add("unknown");
                }
              })
          .newServerStreamTracer(GET, new Metadata());

  @Test
  void aCallBeginsAndEnds() {
    call.serverCallStarted(started());
    call.streamClosed(Status.OK);
    assertThat(heard).containsExactly("began " + GET, "ended " + GET + " OK");
  }

  /** Its client was gone before a thread looked for the method. */
  @Test
  void oneThatIsCancelledBeforeItBeginsEndsAsWell() {
    call.streamClosed(Status.CANCELLED);
    call.serverCallStarted(started());
    assertThat(heard).containsExactly("began " + GET, "ended " + GET + " CANCELLED");
  }

  @Test
  void whatNobodyHasIsUnknown() {
    call.streamClosed(Status.UNIMPLEMENTED);
    assertThat(heard).containsExactly("unknown");
  }

  private static ServerStreamTracer.ServerCallInfo<?, ?> started() {
    return new ServerStreamTracer.ServerCallInfo<GetDeliveryRequest, Delivery>() {
      @Override
      public MethodDescriptor<GetDeliveryRequest, Delivery> getMethodDescriptor() {
        return DeliveryServiceGrpc.getGetDeliveryMethod();
      }

      @Override
      public Attributes getAttributes() {
        return Attributes.EMPTY;
      }

      @Override
      public String getAuthority() {
        return "localhost";
      }
    };
  }
}
