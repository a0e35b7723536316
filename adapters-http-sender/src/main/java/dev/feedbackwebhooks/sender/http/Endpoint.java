package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.sender.egress.AddressMemory;
import dev.feedbackwebhooks.sender.egress.Destination;
import java.net.InetAddress;

/** An endpoint as its event loop knows it: which of its addresses is worth trying. */
final class Endpoint {
  private final EndpointUrl url;
  private final SendingLoop loop;
  private final AddressMemory memory;

  Endpoint(EndpointUrl url, SendingLoop loop) {
    this.url = url;
    this.loop = loop;
    this.memory = loop.memory(url);
  }

  SendingLoop loop() {
    return loop;
  }

  AddressMemory memory() {
    return memory;
  }

  EndpointPool pool(InetAddress address) {
    return loop.pool(new Destination(address, url.port(), url.host()));
  }
}
