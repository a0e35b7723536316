package dev.feedbackwebhooks.bench;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** Reactor Netty: epoll and BoringSSL by themselves where they are there. */
final class ReactorNettyClient implements OtherClient {
  private static final int OK = 200;

  private final LoopResources loops = LoopResources.create("reactor-netty", LOOPS, true);
  private final ConnectionProvider connections;
  private final List<HttpClient.ResponseReceiver<?>> endpoints;

  ReactorNettyClient(Path ca, HttpProtocol protocol, List<URI> urls, byte[] body) {
    boolean isHttp2 = protocol == HttpProtocol.H2;
    // As ours: one connection for all streams, or one for each request in flight.
    connections = ConnectionProvider.create("bench", isHttp2 ? 1 : ClosedLoop.IN_FLIGHT);
    HttpClient client =
        HttpClient.create(connections)
            .runOn(loops)
            .protocol(protocol)
            .secure(tls -> tls.sslContext(trusting(ca, isHttp2)))
            .headers(headers ->
                headers
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length));
    endpoints =
        urls.stream()
            .<HttpClient.ResponseReceiver<?>>map(url ->
                client.post().uri(url).send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))))
            .toList();
  }

  private static GenericSslContextSpec<?> trusting(Path ca, boolean isHttp2) {
    return isHttp2
        ? Http2SslContextSpec.forClient().configure(tls -> tls.trustManager(ca.toFile()))
        : Http11SslContextSpec.forClient().configure(tls -> tls.trustManager(ca.toFile()));
  }

  @Override
  public CompletionStage<Boolean> post(int number) {
    return endpoints
        .get(number % endpoints.size())
        .responseSingle((answer, content) -> content.then(Mono.just(answer.status().code() == OK)))
        .toFuture()
        .thenApply(Boolean.TRUE::equals);
  }

  @Override
  public void close() {
    connections.dispose();
    loops.dispose();
  }
}
