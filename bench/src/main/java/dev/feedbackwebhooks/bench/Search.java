package dev.feedbackwebhooks.bench;

import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc.DeliveryServiceBlockingStub;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import dev.feedbackwebhooks.proto.v1.Identity;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.MessageExecution;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A million deliveries of one sandbox, and what it takes to find some: the oldest one of all. */
final class Search {
  private static final long DELIVERIES = 1_000_000;
  private static final int NEWER = 2_000;
  private static final int TIMES = 50;
  private static final int PAGE = 50;
  private static final String PARENT = "organizations/org-0/sandboxes/prod";
  private static final String NEEDLE = "needle";
  private static final double NANOS_IN_MILLI = 1e6;

  private final Workbench bench;
  private final Sink sink;
  private final Customers customers = new Customers(1);

  /** What a search came to: calls until there was no next page, and what they found. */
  private record Found(int pages, int deliveries) {}

  Search(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  List<Figure> measure() throws Exception {
    Path data = bench.fresh("search");
    prepare(data);
    try (StoredDeliveries stored = StoredDeliveries.open(data.resolve("feedback.db"))) {
      stored.settled(DELIVERIES);
    }
    long started = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(bench, data, sink);
        Load load = new Load(server, customers, "search")) {
      DeliveryServiceBlockingStub deliveries = DeliveryServiceGrpc.newBlockingStub(load.channel());
      Await.until(
          () -> search(deliveries, "request_id = " + NEEDLE).pages() <= 2,
          "the summaries of the blocks");
      List<Figure> figures = new ArrayList<>();
      figures.add(
          Figure.once(
              "from the start until 1 M are summed up", "s", (System.nanoTime() - started) / 1e9));
      figures.add(page("the first page", deliveries, ""));
      figures.add(page("a page by state, of which there is none", deliveries, "state = EXHAUSTED"));
      figures.add(page("a page by channel, of which there is none", deliveries, "channel = SMS"));
      figures.add(oldest("by request_id", deliveries, "request_id = " + NEEDLE));
      figures.add(oldest("by execution_id", deliveries, "execution_id = " + NEEDLE));
      figures.add(oldest("by recipient", deliveries, "recipient = \"needle@luma.com\""));
      figures.add(stats(deliveries));
      return figures;
    }
  }

  private void prepare(Path data) throws Exception {
    try (ServerProcess server = ServerProcess.start(bench, data, sink);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, "first")) {
      customers.create(load.channel(), sink::url);
      var _ =
          FeedbackIngestServiceGrpc.newBlockingStub(load.channel())
              .publishFeedback(PublishFeedbackRequest.newBuilder().addEvents(needle()).build());
      load.send(NEWER, NEWER, NEWER, count::read);
      Await.until(() -> server.delivered() == NEWER + 1, "the deliveries");
    }
  }

  private FeedbackEvent needle() {
    return customers.event("needle", 0).toBuilder()
        .setRequestId(NEEDLE)
        .setMessageExecution(
            MessageExecution.newBuilder(customers.event("needle", 0).getMessageExecution())
                .setMessageExecutionId(NEEDLE))
        .putIdentityMap(
            "email",
            IdentityList.newBuilder()
                .addIdentities(Identity.newBuilder().setId("needle@luma.com").setPrimary(true))
                .build())
        .build();
  }

  private static Figure page(String name, DeliveryServiceBlockingStub deliveries, String filter) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      var _ = list(deliveries, filter, "");
      millis.add((System.nanoTime() - start) / NANOS_IN_MILLI);
    }
    return new Figure(name, "ms", millis);
  }

  private static Figure oldest(String name, DeliveryServiceBlockingStub deliveries, String filter) {
    List<Double> millis = new ArrayList<>();
    int pages = 0;
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      Found found = search(deliveries, filter);
      millis.add((System.nanoTime() - start) / NANOS_IN_MILLI);
      if (found.deliveries() != 1) {
        throw new BenchException("found " + found.deliveries() + " " + name);
      }
      pages = Math.max(pages, found.pages());
    }
    return new Figure("the oldest of 1 M, " + name + ", pages: " + pages, "ms", millis);
  }

  private static Found search(DeliveryServiceBlockingStub deliveries, String filter) {
    String token = "";
    int pages = 0;
    int found = 0;
    do {
      ListDeliveriesResponse page = list(deliveries, filter, token);
      token = page.getNextPageToken();
      found += page.getDeliveriesCount();
      pages++;
    } while (!token.isEmpty());
    return new Found(pages, found);
  }

  private static ListDeliveriesResponse list(
      DeliveryServiceBlockingStub deliveries, String filter, String token) {
    return deliveries.listDeliveries(
        ListDeliveriesRequest.newBuilder()
            .setParent(PARENT)
            .setPageSize(PAGE)
            .setFilter(filter)
            .setPageToken(token)
            .build());
  }

  private static Figure stats(DeliveryServiceBlockingStub deliveries) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      var _ =
          deliveries.getDeliveryStats(
              GetDeliveryStatsRequest.newBuilder().setName(PARENT + "/deliveryStats").build());
      millis.add((System.nanoTime() - start) / NANOS_IN_MILLI);
    }
    return new Figure("GetDeliveryStats", "ms", millis);
  }
}
