package dev.feedbackwebhooks.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The examples' command line: {@code client} and {@code receiver}. */
@Command(
    name = "feedback-webhooks-examples",
    mixinStandardHelpOptions = true,
    subcommands = {ExampleClient.class, ExampleReceiver.class})
public final class Main {
  /**
   * Shared by both examples, so that they work together at once. Never use it for anything else.
   */
  static final String DEMO_SECRET = "demo-secret-demo-secret-demo-secret";

  private Main() {}

  /**
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
