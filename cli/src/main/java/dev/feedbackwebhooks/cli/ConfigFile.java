package dev.feedbackwebhooks.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** A configuration in a file, whose secrets may stand elsewhere. */
final class ConfigFile {
  private static final String ENVIRONMENT = "@env:";
  private static final String FILE = "@file:";

  /** Stands for a field whose text is Base64. */
  private static final String BYTES = "bytes";

  private final Path directory;
  private final Map<String, String> environment;

  private ConfigFile(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * @throws IOException if it, or what it refers to, cannot be read
   */
  static WebhookConfig read(Path file, Map<String, String> environment) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    try {
      Struct.Builder json = Struct.newBuilder();
      JsonFormat.parser().merge(Files.readString(file), json);
      Struct whole =
          new ConfigFile(directory == null ? Path.of("") : directory, environment)
              .resolve("", json.build());
      WebhookConfig.Builder config = WebhookConfig.newBuilder();
      JsonFormat.parser().merge(JsonFormat.printer().print(whole), config);
      return config.build();
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(file + " is no WebhookConfig in JSON: " + e.getMessage(), e);
    }
  }

  private Struct resolve(String name, Struct object) throws IOException {
    Struct.Builder resolved = Struct.newBuilder();
    for (Map.Entry<String, Value> field : object.getFieldsMap().entrySet()) {
      boolean bytes = name.equals("jwt") && field.getKey().equals("secret");
      resolved.putFields(field.getKey(), resolve(bytes ? BYTES : field.getKey(), field.getValue()));
    }
    return resolved.build();
  }

  private Value resolve(String name, Value value) throws IOException {
    return switch (value.getKindCase()) {
      case STRUCT_VALUE ->
          Value.newBuilder().setStructValue(resolve(name, value.getStructValue())).build();
      case LIST_VALUE ->
          Value.newBuilder().setListValue(resolve(name, value.getListValue())).build();
      case STRING_VALUE ->
          Value.newBuilder()
              .setStringValue(text(value.getStringValue(), name.equals(BYTES)))
              .build();
      case NULL_VALUE, NUMBER_VALUE, BOOL_VALUE, KIND_NOT_SET -> value;
    };
  }

  private ListValue resolve(String name, ListValue list) throws IOException {
    ListValue.Builder resolved = ListValue.newBuilder();
    for (Value each : list.getValuesList()) {
      resolved.addValues(resolve(name, each));
    }
    return resolved.build();
  }

  /** Bytes stand as Base64 in JSON; elsewhere they stand as they are. */
  private String text(String text, boolean bytes) throws IOException {
    if (!text.startsWith(ENVIRONMENT) && !text.startsWith(FILE)) {
      return text;
    }
    String found = text.startsWith(FILE) ? inFile(text) : inEnvironment(text);
    return bytes
        ? Base64.getEncoder().encodeToString(found.getBytes(StandardCharsets.UTF_8))
        : found;
  }

  private String inFile(String text) throws IOException {
    return EnvironmentText.trimmed(
        Files.readString(directory.resolve(text.substring(FILE.length()))));
  }

  private String inEnvironment(String text) throws IOException {
    String name = text.substring(ENVIRONMENT.length());
    return EnvironmentText.of(environment, name)
        .orElseThrow(
            () -> new IOException("the environment has no " + name + ", which the file refers to"));
  }
}
