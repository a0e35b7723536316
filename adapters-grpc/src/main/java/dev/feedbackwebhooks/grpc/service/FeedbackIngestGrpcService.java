package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.domain.access.Caller;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.EventName;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.domain.event.EventIntake;
import dev.feedbackwebhooks.domain.event.IntakeListener;
import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.fault.Violation;
import dev.feedbackwebhooks.grpc.access.Callers;
import dev.feedbackwebhooks.grpc.call.CallTrace;
import dev.feedbackwebhooks.grpc.call.InboundBudget;
import dev.feedbackwebhooks.grpc.call.OpenCalls;
import dev.feedbackwebhooks.grpc.codec.EventCodec;
import dev.feedbackwebhooks.grpc.codec.EventCodec.Decoded;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackResponse;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes events in over gRPC, one by one as they come or a list at a time. */
public final class FeedbackIngestGrpcService
    extends FeedbackIngestServiceGrpc.FeedbackIngestServiceImplBase {
  private static final int MOST_PUBLISHED = 1_000;
  private static final int MOST_STREAMED = 10_000;

  /** The memory of an event that waits, as a multiple of its size on the wire, and besides. */
  private static final int COST_FACTOR = 4;

  private static final int COST_PER_EVENT = 1_024;

  private final EventIntake intake;
  private final IntakeListener listener;
  private final InstantSource clock;
  private final InboundBudget budget;
  private final Executor executor;

  /**
   * @param executor where results are written to their streams
   */
  public FeedbackIngestGrpcService(
      EventIntake intake,
      IntakeListener listener,
      InstantSource clock,
      InboundBudget budget,
      Executor executor) {
    this.intake = intake;
    this.listener = listener;
    this.clock = clock;
    this.budget = budget;
    this.executor = executor;
  }

  @Override
  public void publishFeedback(
      PublishFeedbackRequest request, StreamObserver<PublishFeedbackResponse> caller) {
    Answers.answerLater(
        caller,
        () -> {
          Caller who = Callers.current();
          check(request.getEventsCount(), 1, MOST_PUBLISHED);
          long bytes = cost(request.getEventsCount(), request.getSerializedSize());
          return budget
              .during(bytes, () -> results(request.getEventsList(), who, CallTrace.current()))
              .thenApply(results ->
                  PublishFeedbackResponse.newBuilder().addAllResults(results.get()).build());
        });
  }

  private static void check(int events, int least, int most) {
    if (events < least) {
      throw Fault.InvalidFields.of(
          Reason.INVALID_FIELDS, "events", "is empty: give 1 to " + most + " events");
    }
    if (events > most) {
      throw Fault.InvalidFields.of(
          Reason.TOO_MANY_EVENTS,
          "events",
          "holds more than " + most + " events, or too many parts: send several messages");
    }
  }

  private static long cost(int events, long bytes) {
    return COST_FACTOR * bytes + (long) COST_PER_EVENT * events;
  }

  @Override
  public StreamObserver<StreamFeedbackRequest> streamFeedback(
      StreamObserver<StreamFeedbackResponse> caller) {
    ResultStream<FeedbackResult, StreamFeedbackResponse> results =
        new ResultStream<>(
            (ServerCallStreamObserver<StreamFeedbackResponse>) caller,
            part -> StreamFeedbackResponse.newBuilder().addAllResults(part).build(),
            FeedbackResult::getSerializedSize,
            budget,
            executor);
    Caller who = Callers.current();
    results.start();
    OpenCalls.whenStopping(results::stop);
    return new StreamObserver<>() {
      @Override
      public void onNext(StreamFeedbackRequest request) {
        results.add(
            request.getEventsCount(),
            cost(request.getEventsCount(), request.getSerializedSize()),
            () -> {
              check(request.getEventsCount(), 0, MOST_STREAMED);
              return results(request.getEventsList(), who, null);
            });
      }

      @Override
      public void onError(Throwable cancelled) {
        results.abandon();
      }

      @Override
      public void onCompleted() {
        results.end();
      }
    };
  }

  /**
   * Results that are rendered by who needs them: the store's thread has better to do.
   *
   * @param callTrace of events that name none. A stream's is no event's: it lasts for hours.
   */
  private CompletionStage<Supplier<List<FeedbackResult>>> results(
      List<FeedbackEvent> events, Caller who, @Nullable TraceParent callTrace) {
    Instant now = clock.instant();
    List<Decoded> decoded = new ArrayList<>(events.size());
    List<dev.feedbackwebhooks.domain.event.FeedbackEvent> valid = new ArrayList<>(events.size());
    for (FeedbackEvent event : events) {
      Decoded one = permitted(EventCodec.decode(event, now, callTrace), who);
      decoded.add(one);
      if (one instanceof Decoded.Valid(var good)) {
        valid.add(good);
      }
    }
    CompletionStage<List<IntakeOutcome>> taken =
        valid.isEmpty() ? CompletableFuture.completedFuture(List.of()) : intake.take(valid);
    List<EventName> invalid = new ArrayList<>();
    for (Decoded one : decoded) {
      if (one instanceof Decoded.Invalid(_, var name) && name != null) {
        invalid.add(name);
      }
    }
    return taken.thenCombine(
        intake.known(invalid),
        (outcomes, known) -> () -> encode(events, decoded, outcomes, known.iterator()));
  }

  private List<FeedbackResult> encode(
      List<FeedbackEvent> events,
      List<Decoded> decoded,
      List<IntakeOutcome> outcomes,
      Iterator<Optional<DeliveryId>> known) {
    List<FeedbackResult> results = new ArrayList<>(events.size());
    int next = 0;
    for (int i = 0; i < events.size(); i++) {
      String eventId = events.get(i).getEventId();
      switch (decoded.get(i)) {
        case Decoded.Valid(var event) -> {
          IntakeOutcome outcome = outcomes.get(next++);
          listener.decided(event.scope().organization(), outcome);
          results.add(EventCodec.encode(eventId, event.scope(), outcome));
        }
        case Decoded.Invalid(var violations, var name) -> {
          IntakeOutcome rejected = new IntakeOutcome.Rejected(violations);
          IntakeOutcome outcome =
              name == null
                  ? rejected
                  : known.next().<IntakeOutcome>map(IntakeOutcome.Duplicate::new).orElse(rejected);
          listener.decided(null, outcome);
          results.add(EventCodec.encode(eventId, name == null ? null : name.scope(), outcome));
        }
      }
    }
    return results;
  }

  /** Refuses events that the caller's token does not reach, whether or not they are known. */
  private static Decoded permitted(Decoded decoded, Caller who) {
    return switch (decoded) {
      case Decoded.Valid(var event) when !reaches(who, event.scope()) ->
          new Decoded.Invalid(
              List.of(
                  who.reachesInto(event.scope().organization())
                      ? new Violation("sandbox.name", "is a sandbox that the token does not cover")
                      : new Violation(
                          "ims_org", "is an organization that the token does not cover")),
              null);
      case Decoded.Invalid(var violations, var name)
          when name != null && !reaches(who, name.scope()) ->
          new Decoded.Invalid(violations, null);
      case Decoded.Valid _, Decoded.Invalid _ -> decoded;
    };
  }

  private static boolean reaches(Caller who, Scope scope) {
    return who.reaches(scope.organization(), scope.sandbox());
  }
}
