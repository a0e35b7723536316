package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.sender.egress.AddressMemory;
import dev.feedbackwebhooks.sender.egress.Destination;
import java.net.InetAddress;
import java.util.List;

/** An endpoint as its event loop knows it: which of its addresses is worth trying. */
final class Endpoint {
  private final String host;
  private final int port;
  private final SendingLoop loop;
  private final AddressMemory memory;

  Endpoint(String host, int port, SendingLoop loop, AddressMemory memory) {
    this.host = host;
    this.port = port;
    this.loop = loop;
    this.memory = memory;
  }

  SendingLoop loop() {
    return loop;
  }

  AddressMemory memory() {
    return memory;
  }

  EndpointPool pool(InetAddress address) {
    return loop.pool(new Destination(address, port, host));
  }

  /** Sends {@code exchange} to one of the addresses that the guard admitted for it. */
  HappyEyeballs send(Exchange exchange, List<InetAddress> admitted) {
    return new HappyEyeballs(exchange, this, memory.order(admitted));
  }
}
