package dev.feedbackwebhooks.grpc.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.reflect.ClassPath;
import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.feedbackwebhooks.grpc.access.AccessTable.Need;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AccessTableTest {
  private static final String OURS = "dev.feedbackwebhooks.proto.v1";

  /** Every service of our protos, whoever serves it, and the standard one that we serve. */
  private static List<ServiceDescriptor> ours() throws Exception {
    List<ServiceDescriptor> services = new ArrayList<>();
    services.add(OperationsGrpc.getServiceDescriptor());
    for (ClassPath.ClassInfo type :
        ClassPath.from(AccessTableTest.class.getClassLoader()).getTopLevelClasses(OURS)) {
      if (type.getSimpleName().endsWith("Grpc")) {
        services.add(
            (ServiceDescriptor) type.load().getMethod("getServiceDescriptor").invoke(null));
      }
    }
    return services;
  }

  @Test
  void everyCallOfTheProtosNeedsAPermissionByTheTable() throws Exception {
    assertThat(ours()).hasSizeGreaterThanOrEqualTo(4);
    for (ServiceDescriptor service : ours()) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        assertThat(AccessTable.methods())
            .as("a new call needs a row in AccessTable")
            .contains(method.getFullMethodName());
        assertThat(AccessTable.need(method.getFullMethodName()))
            .isInstanceOfAny(Need.In.class, Need.InEach.class);
      }
    }
  }

  @Test
  void theTableHasNoCallThatIsNotThere() throws Exception {
    List<ServiceDescriptor> all = new ArrayList<>(ours());
    all.add(HealthGrpc.getServiceDescriptor());
    all.add(ServerReflectionGrpc.getServiceDescriptor());
    List<String> served =
        all.stream()
            .flatMap(service -> service.getMethods().stream())
            .map(MethodDescriptor::getFullMethodName)
            .toList();
    assertThat(AccessTable.methods())
        .filteredOn(method -> !method.startsWith("grpc.reflection.v1alpha."))
        .containsExactlyInAnyOrderElementsOf(served);
  }

  @Test
  void eachFieldThatNamesAResourceIsText() throws Exception {
    for (ServiceDescriptor service : ours()) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        if (AccessTable.need(method.getFullMethodName()) instanceof Need.In(_, String path)) {
          var schema =
              (ProtoMethodDescriptorSupplier) Objects.requireNonNull(method.getSchemaDescriptor());
          assertThat(isText(schema.getMethodDescriptor().getInputType(), path))
              .as(method.getFullMethodName() + " " + path)
              .isTrue();
        }
      }
    }
  }

  private static boolean isText(Descriptor type, String path) {
    int dot = path.indexOf('.');
    FieldDescriptor field = type.findFieldByName(dot < 0 ? path : path.substring(0, dot));
    if (field == null) {
      return false;
    }
    return dot < 0
        ? field.getJavaType() == FieldDescriptor.JavaType.STRING && !field.isRepeated()
        : isText(field.getMessageType(), path.substring(dot + 1));
  }
}
