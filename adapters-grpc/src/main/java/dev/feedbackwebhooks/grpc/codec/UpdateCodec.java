package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.util.ArrayList;
import java.util.List;

/** Merges an update into what is stored, field by field (AIP-134). */
public final class UpdateCodec {
  private UpdateCodec() {}

  /**
   * The configuration after the update.
   *
   * @param stored as it is read, so without secrets: an empty secret means the stored one
   * @throws Fault.InvalidFields for a path that names no field
   */
  public static WebhookConfig merge(WebhookConfig stored, WebhookConfig given, FieldMask mask) {
    if (mask.getPathsList().equals(List.of("*"))) {
      return given;
    }
    FieldMask paths = mask.getPathsCount() == 0 ? implied(given) : mask;
    check(paths);
    WebhookConfig.Builder merged = stored.toBuilder();
    FieldMaskUtil.merge(
        paths,
        given,
        merged,
        new FieldMaskUtil.MergeOptions()
            .setReplaceMessageFields(true)
            .setReplaceRepeatedFields(true)
            .setReplacePrimitiveFields(true));
    return merged.build();
  }

  private static void check(FieldMask mask) {
    for (String path : mask.getPathsList()) {
      if (!FieldMaskUtil.isValid(WebhookConfig.getDescriptor(), path)) {
        throw Fault.InvalidFields.of(
            Reason.INVALID_FIELDS,
            "update_mask",
            "'" + path + "' is no field of WebhookConfig: see its definition, or give '*'");
      }
    }
  }

  /** An empty mask means the fields that are given, down to the single one. */
  private static FieldMask implied(WebhookConfig given) {
    List<String> paths = new ArrayList<>();
    collect(given, "", paths);
    return FieldMask.newBuilder().addAllPaths(paths).build();
  }

  private static void collect(Message message, String prefix, List<String> paths) {
    message
        .getAllFields()
        .forEach((field, value) -> {
          String path = prefix + field.getName();
          if (ours(field) && value instanceof Message part && !part.getAllFields().isEmpty()) {
            collect(part, path + ".", paths);
          } else {
            paths.add(path);
          }
        });
  }

  /** Whether the field is a message of this API; times and free JSON count as one value each. */
  private static boolean ours(FieldDescriptor field) {
    return !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getFullName().startsWith("feedback.v1.");
  }
}
