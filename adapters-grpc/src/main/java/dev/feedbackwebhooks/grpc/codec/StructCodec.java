package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON objects on the wire. Whole numbers become {@code Long}, as a token should show them. */
final class StructCodec {
  /**
   * From it on a double may stand for another whole number than was written (RFC 8259 section 6).
   */
  private static final double EXACT = 1L << 53;

  private StructCodec() {}

  static Map<String, @Nullable Object> fromProto(
      Struct struct, String field, Violations violations) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    struct
        .getFieldsMap()
        .forEach((name, value) -> map.put(name, fromProto(value, field + "." + name, violations)));
    return map;
  }

  private static @Nullable Object fromProto(Value value, String field, Violations violations) {
    return switch (value.getKindCase()) {
      case NULL_VALUE, KIND_NOT_SET -> null;
      case BOOL_VALUE -> value.getBoolValue();
      case STRING_VALUE -> value.getStringValue();
      case NUMBER_VALUE -> number(value.getNumberValue(), field, violations);
      case STRUCT_VALUE -> fromProto(value.getStructValue(), field, violations);
      case LIST_VALUE -> list(value.getListValue(), field, violations);
    };
  }

  private static List<@Nullable Object> list(
      ListValue values, String field, Violations violations) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < values.getValuesCount(); i++) {
      list.add(fromProto(values.getValues(i), field + "[" + i + "]", violations));
    }
    return list;
  }

  private static Object number(double number, String field, Violations violations) {
    violations.require(Double.isFinite(number), field, "is no number that JSON knows");
    boolean whole = Double.isFinite(number) && number == Math.rint(number);
    violations.require(
        !whole || Math.abs(number) < EXACT,
        field,
        "is a whole number of 2^53 or more, which may have been another one before it came here:"
            + " give it as a string");
    return whole ? (Object) (long) number : (Object) number;
  }

  static Struct toProto(Map<?, ? extends @Nullable Object> map) {
    Struct.Builder struct = Struct.newBuilder();
    map.forEach((name, value) -> struct.putFields(String.valueOf(name), toProto(value)));
    return struct.build();
  }

  private static Value toProto(@Nullable Object value) {
    Value.Builder proto = Value.newBuilder();
    return switch (value) {
      case null -> proto.setNullValue(NullValue.NULL_VALUE).build();
      case Boolean bool -> proto.setBoolValue(bool).build();
      case Number number -> proto.setNumberValue(number.doubleValue()).build();
      case Map<?, ?> map -> proto.setStructValue(toProto(map)).build();
      case List<?> list -> proto.setListValue(toProto(list)).build();
      default -> proto.setStringValue(value.toString()).build();
    };
  }

  private static ListValue toProto(List<?> list) {
    ListValue.Builder values = ListValue.newBuilder();
    list.forEach(value -> values.addValues(toProto(value)));
    return values.build();
  }
}
