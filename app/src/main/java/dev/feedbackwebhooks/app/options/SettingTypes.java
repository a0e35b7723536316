package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.domain.egress.AddressRange;
import dev.feedbackwebhooks.domain.egress.HostPattern;
import dev.feedbackwebhooks.domain.egress.PortRange;
import dev.feedbackwebhooks.sender.egress.ProxySettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** The types of settings' values. */
public final class SettingTypes {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:\\[\\]]+):([0-9]{1,5})");

  private SettingTypes() {}

  /** Teaches a command, with those below it, to read them. */
  public static void register(CommandLine command) {
    command.registerConverter(Duration.class, SettingTypes::duration);
    command.registerConverter(InetSocketAddress.class, SettingTypes::address);
    command.registerConverter(AddressRange.class, text -> read(text, AddressRange::parse));
    command.registerConverter(HostPattern.class, text -> read(text, HostPattern::parse));
    command.registerConverter(PortRange.class, text -> read(text, PortRange::parse));
    command.registerConverter(
        OtlpSettings.Header.class, text -> read(text, OtlpSettings.Header::parse));
    command.registerConverter(ProxySettings.class, text -> read(text, ProxySettings::parse));
  }

  private static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text.strip());
    if (!parts.matches()) {
      throw new TypeConversionException("'" + text + "' is no duration: write one like 15s or 5m");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static InetSocketAddress address(String text) {
    Matcher parts = ADDRESS.matcher(text.strip());
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : -1;
    if (port < 0 || port > 65_535) {
      throw new TypeConversionException(
          "'" + text + "' is no address: write one like 127.0.0.1:9090");
    }
    InetSocketAddress address = new InetSocketAddress(parts.group(1), port);
    if (address.isUnresolved()) {
      throw new TypeConversionException("the host of '" + text + "' has no address");
    }
    return address;
  }

  private static <T> T read(String text, Function<String, T> type) {
    try {
      return type.apply(text.strip());
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
