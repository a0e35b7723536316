package dev.feedbackwebhooks.cli;

import io.grpc.CallCredentials;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that speaks to a server. */
abstract class ServerCommand implements Callable<Integer> {
  static final int OK = 0;
  static final int REFUSED = 1;

  @Mixin private ServerOptions server = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  /** Does it; answers the status to end with. */
  abstract int run(Client client) throws IOException;

  @Override
  public Integer call() throws IOException {
    Context context = Context.of(spec);
    Optional<CallCredentials> token = server.token(context.token());
    try (Client client = new Client(server.open(), token, context.terminal(), server.json())) {
      return run(client);
    } catch (StatusRuntimeException refusal) {
      return Refusals.tell(refusal, context.terminal().err());
    }
  }
}
