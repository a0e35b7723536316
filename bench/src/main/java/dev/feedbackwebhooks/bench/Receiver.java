package dev.feedbackwebhooks.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** HTTPS endpoints in this process: they see when an event comes, and answer as they are told. */
final class Receiver implements AutoCloseable {
  /** What an endpoint does with a request that it has read. */
  sealed interface Manner {
    record AnswersAtOnce() implements Manner {}

    record AnswersAfter(Duration time) implements Manner {}

    record NeverAnswers() implements Manner {}
  }

  /** How a body begins, before the event's number. */
  private static final int NUMBER_AT = "{\"requestId\":\"".length();

  private static final int STREAMS = 256;

  private final Vertx vertx;
  private final Manner manner;
  private final List<HttpServer> servers = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong arrived = new AtomicLong();
  private volatile LongConsumer arrivals = _ -> {};

  private Receiver(Manner manner) {
    this.manner = manner;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
  }

  /** As many endpoints as {@code ports}, with the certificate of the other sink. */
  static Receiver start(Sink sink, int ports, Manner manner) {
    return start(sink, ports, manner, true);
  }

  /** The same, over HTTP/1.1 alone if {@code http2} is not wanted. */
  static Receiver start(Sink sink, int ports, Manner manner, boolean http2) {
    Receiver receiver = new Receiver(manner);
    HttpServerOptions options = new HttpServerOptions();
    options
        .setSsl(true)
        .setUseAlpn(http2)
        .setSslEngineOptions(new OpenSSLEngineOptions())
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(sink.ca().toString())
                .setKeyPath(sink.key().toString()))
        .setTcpNoDelay(true)
        .setAcceptBacklog(4_096);
    options.getInitialSettings().setMaxConcurrentStreams(STREAMS);
    for (int i = 0; i < ports; i++) {
      receiver.servers.add(
          receiver
              .vertx
              .createHttpServer(options)
              .requestHandler(receiver::receive)
              .listen(0, "127.0.0.1")
              .await());
    }
    return receiver;
  }

  String url(int endpoint) {
    return "https://127.0.0.1:" + servers.get(endpoint % servers.size()).actualPort() + "/feedback";
  }

  /** Tells {@code listener} each event's number as it comes, on the endpoints' own thread. */
  void onArrival(LongConsumer listener) {
    arrivals = listener;
  }

  /** Events that came so far, those that came twice counted twice. */
  long arrived() {
    return arrived.get();
  }

  /** Requests that wait for their answer. */
  int open() {
    return open.get();
  }

  private void receive(HttpServerRequest request) {
    open.incrementAndGet();
    request.body().onSuccess(body -> answer(request, body));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    arrivals.accept(number(body));
    arrived.incrementAndGet();
    switch (manner) {
      case Manner.AnswersAtOnce() -> answer(request);
      case Manner.AnswersAfter(Duration time) ->
          vertx.setTimer(time.toMillis(), _ -> answer(request));
      case Manner.NeverAnswers() -> {}
    }
  }

  private void answer(HttpServerRequest request) {
    open.decrementAndGet();
    var _ = request.response().setStatusCode(204).end();
  }

  /** The event's number, which its sender gave as request id, and the body begins with. */
  private static long number(Buffer body) {
    long number = 0;
    for (int at = NUMBER_AT; at < body.length() && body.getByte(at) != '"'; at++) {
      number = number * 10 + body.getByte(at) - '0';
    }
    return number;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
