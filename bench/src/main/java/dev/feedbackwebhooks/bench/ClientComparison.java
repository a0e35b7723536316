package dev.feedbackwebhooks.bench;

import com.linecorp.armeria.common.SessionProtocol;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import reactor.netty.http.HttpProtocol;

/**
 * Our client beside others on Netty, in one process. All are warm before the first round, and each
 * round asks every one of them: what disturbs the machine, or the compiler's guesses, disturbs all.
 */
final class ClientComparison implements AutoCloseable {
  private final Sink sink;
  private final byte[] body;
  private final List<Runnable> closers = new ArrayList<>();
  private final Map<String, IntFunction<CompletionStage<Boolean>>> clients = new LinkedHashMap<>();

  ClientComparison(Sink sink, List<Integer> endpoints, byte[] body) {
    this.sink = sink;
    this.body = body;
    for (int count : endpoints) {
      add("HTTP/1.1", sink::http1Url, count, SessionProtocol.H1, HttpProtocol.HTTP11);
      add("HTTP/2", sink::url, count, SessionProtocol.H2, HttpProtocol.H2);
    }
  }

  private void add(
      String version,
      IntFunction<String> url,
      int count,
      SessionProtocol armeria,
      HttpProtocol reactor) {
    List<URI> urls = IntStream.range(0, count).mapToObj(url).map(URI::create).toList();
    String row = ", " + version + ", endpoints: " + count;
    ClientAlone ours = new ClientAlone(sink, url, count, body);
    closers.add(ours::close);
    clients.put("our client" + row, ours::post);
    add("Armeria" + row, new ArmeriaClient(sink.ca(), armeria, urls, body));
    add("Reactor Netty" + row, new ReactorNettyClient(sink.ca(), reactor, urls, body));
  }

  private void add(String name, OtherClient client) {
    closers.add(client::close);
    clients.put(name, client::post);
  }

  /** The ceiling first, then each client. */
  List<Figure> measure(H2load h2load, int rounds, int seconds) throws Exception {
    for (var post : clients.values()) {
      var _ = ClosedLoop.rate(seconds, post);
    }
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      add(rates, Table.CEILING, h2load.rate(sink.url(0), seconds));
      for (var client : clients.entrySet()) {
        add(rates, client.getKey(), ClosedLoop.rate(seconds, client.getValue()));
      }
    }
    return rates.entrySet().stream()
        .map(row -> new Figure(row.getKey(), "requests/s", row.getValue()))
        .toList();
  }

  private static void add(Map<String, List<Double>> rates, String name, double rate) {
    rates.computeIfAbsent(name, _ -> new ArrayList<>()).add(rate);
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
  }
}
