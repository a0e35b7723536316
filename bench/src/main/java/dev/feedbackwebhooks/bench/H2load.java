package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wire's ceiling: a load tester in C that sends the same body and does nothing else. */
final class H2load {
  private static final Pattern RATE = Pattern.compile("finished in [^,]*, ([0-9.]+) req/s");

  private final Path directory;
  private final Path body;

  H2load(Workbench bench, byte[] payload) throws IOException {
    directory = bench.directory();
    body = Files.write(bench.directory().resolve("body.json"), payload);
  }

  /** Requests a second over HTTP/1.1 on 64 connections. */
  double rate(String url, int seconds) throws IOException, InterruptedException {
    String said =
        Workbench.run(
            directory,
            "h2load",
            "--h1",
            "-c",
            "64",
            "-t",
            "1",
            "-D",
            String.valueOf(seconds),
            "--warm-up-time",
            "1",
            "-d",
            body.toString(),
            "-H",
            "content-type: application/json",
            url);
    Matcher rate = RATE.matcher(said);
    if (!rate.find()) {
      throw new BenchException("h2load said something else:\n" + said);
    }
    return Double.parseDouble(rate.group(1));
  }
}
