package dev.feedbackwebhooks.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/** The server's own program by a clock that jumps: each line of standard input says how far off. */
public final class SetClock implements InstantSource {
  private final Clock real = Clock.tickMillis(ZoneOffset.UTC);
  private volatile Duration offset = Duration.ZERO;

  private SetClock() {}

  /**
   * @param args those of the server
   */
  public static void main(String[] args) {
    SetClock clock = new SetClock();
    Thread.ofPlatform().daemon().start(clock::listen);
    dev.feedbackwebhooks.app.Main.start(args, clock);
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        offset = Duration.parse(line);
      }
    } catch (IOException e) {
      System.err.println("the clock stays as it is: " + e);
    }
  }

  @Override
  public Instant instant() {
    return real.instant().plus(offset);
  }
}
