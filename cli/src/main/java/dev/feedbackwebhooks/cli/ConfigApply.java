package dev.feedbackwebhooks.cli;

import com.google.protobuf.FieldMask;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description = {
      "Makes a sandbox's configuration what a file says: creates it, or changes what is different.",
      "The file is a WebhookConfig in JSON, without a name. A secret may stand elsewhere: a text"
          + " \"@env:NAME\" or \"@file:PATH\" is replaced by what is there. One that is left out"
          + " stays as it is stored."
    },
    mixinStandardHelpOptions = true)
final class ConfigApply extends ServerCommand {
  @Mixin private PlaceOptions place = new PlaceOptions();
  @Spec private @Nullable CommandSpec self;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file.")
  private Path file = Path.of("");

  @Option(names = "--validate-only", description = "Checks everything and stores nothing.")
  private boolean validateOnly;

  @Override
  int run(Client client) throws IOException {
    WebhookConfig wanted = ConfigFile.read(file, Context.of(self).environment());
    Optional<WebhookConfig> before = stored(client);
    WebhookConfig after =
        before.isEmpty() ? create(client, wanted) : update(client, before.get(), wanted);
    if (client.json()) {
      client.printJson(after);
    } else {
      client
          .terminal()
          .out()
          .println(word(before, after) + "  " + place.config() + " -> " + after.getUrl());
    }
    return OK;
  }

  private Optional<WebhookConfig> stored(Client client) {
    try {
      return Optional.of(
          client
              .configs()
              .getWebhookConfig(
                  GetWebhookConfigRequest.newBuilder().setName(place.config()).build()));
    } catch (StatusRuntimeException refusal) {
      if (refusal.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  private WebhookConfig create(Client client, WebhookConfig wanted) {
    return client
        .configs()
        .createWebhookConfig(
            CreateWebhookConfigRequest.newBuilder()
                .setParent(place.parent())
                .setWebhookConfig(wanted)
                .setValidateOnly(validateOnly)
                .build());
  }

  /** With the etag that was read: somebody else's change in between is not undone. */
  private WebhookConfig update(Client client, WebhookConfig before, WebhookConfig wanted) {
    return client
        .configs()
        .updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    wanted.toBuilder().setName(place.config()).setEtag(before.getEtag()))
                .setUpdateMask(FieldMask.newBuilder().addPaths("*"))
                .setValidateOnly(validateOnly)
                .build());
  }

  private String word(Optional<WebhookConfig> before, WebhookConfig after) {
    if (validateOnly) {
      return "valid    ";
    }
    if (before.isEmpty()) {
      return "created  ";
    }
    return before.map(ConfigApply::content).filter(content(after)::equals).isPresent()
        ? "unchanged"
        : "updated  ";
  }

  private static WebhookConfig content(WebhookConfig config) {
    return config.toBuilder().clearEtag().clearUpdateTime().clearHealth().build();
  }
}
