package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Output;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command speaks to, and as whom. */
final class ServerOptions {
  private static final String LOOPBACK = "127\\.0\\.0\\.1:.*|localhost:.*|\\[::1]:.*";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9090",
      description =
          "The server's gRPC address; FEEDBACK_WEBHOOKS_SERVER, or 127.0.0.1:9090 by default.")
  private String server = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File that holds the access token; or FEEDBACK_WEBHOOKS_TOKEN holds it.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "PEM file of CAs that the server's certificate may have; the system's by default.")
  private @Nullable Path tlsCa;

  @Option(
      names = "--plaintext",
      description = "Without TLS also beyond this machine, where it is used unless this is given.")
  private boolean plaintext;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      defaultValue = "table",
      description = "For people, or one JSON object a line (${DEFAULT-VALUE}).")
  private Output output = Output.table;

  boolean json() {
    return output == Output.json;
  }

  ManagedChannel open() throws IOException {
    return Grpc.newChannelBuilder(server, credentials()).build();
  }

  private ChannelCredentials credentials() throws IOException {
    if (tlsCa != null) {
      return TlsChannelCredentials.newBuilder().trustManager(tlsCa.toFile()).build();
    }
    return plaintext || server.matches(LOOPBACK)
        ? InsecureChannelCredentials.create()
        : TlsChannelCredentials.create();
  }

  /**
   * @param inEnvironment the token that the environment holds, if any
   */
  Optional<CallCredentials> token(Optional<String> inEnvironment) throws IOException {
    return tokenFile == null
        ? inEnvironment.map(Bearer::new)
        : Optional.of(new Bearer(Files.readString(tokenFile).strip()));
  }

  /** An access token, which no message shows. */
  private static final class Bearer extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final String token;

    Bearer(String token) {
      this.token = token;
    }

    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
      Metadata metadata = new Metadata();
      metadata.put(AUTHORIZATION, "Bearer " + token);
      applier.apply(metadata);
    }
  }
}
