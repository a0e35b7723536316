package dev.feedbackwebhooks.cli;

import picocli.CommandLine.Option;

/** The organization and sandbox that a command is about. */
final class PlaceOptions {
  @Option(
      names = {"-g", "--organization"},
      required = true,
      description = "The organization; FEEDBACK_WEBHOOKS_ORGANIZATION by default.")
  private String organization = "";

  @Option(
      names = {"-s", "--sandbox"},
      required = true,
      description = "The sandbox; FEEDBACK_WEBHOOKS_SANDBOX by default.")
  private String sandbox = "";

  String parent() {
    return "organizations/" + organization + "/sandboxes/" + sandbox;
  }

  String config() {
    return parent() + "/webhookConfig";
  }

  /** A resource's name: as it was given, or of this place by its last part. */
  String name(String collection, String given) {
    return given.contains("/") ? given : parent() + "/" + collection + "/" + given;
  }
}
