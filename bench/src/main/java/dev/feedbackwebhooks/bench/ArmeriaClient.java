package dev.feedbackwebhooks.bench;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Armeria: epoll and BoringSSL by themselves where they are there. */
final class ArmeriaClient implements OtherClient {
  private final ClientFactory factory;
  private final List<WebClient> endpoints;
  private final RequestHeaders headers;
  private final HttpData body;

  ArmeriaClient(Path ca, SessionProtocol protocol, List<URI> urls, byte[] body) {
    factory =
        ClientFactory.builder()
            .workerGroup(LOOPS)
            .tlsCustomizer(tls -> tls.trustManager(ca.toFile()))
            .build();
    endpoints =
        urls.stream()
            .map(url -> protocol.uriText() + "://" + url.getAuthority())
            .map(base -> WebClient.builder(base).factory(factory).build())
            .toList();
    headers =
        RequestHeaders.builder(HttpMethod.POST, urls.getFirst().getPath())
            .contentType(MediaType.JSON)
            .contentLength(body.length)
            .build();
    this.body = HttpData.wrap(body);
  }

  @Override
  public CompletionStage<Boolean> post(int number) {
    return endpoints
        .get(number % endpoints.size())
        .execute(HttpRequest.of(headers, body))
        .aggregate()
        .thenApply(answer -> answer.status().equals(HttpStatus.OK));
  }

  @Override
  public void close() {
    factory.close();
  }
}
