package dev.feedbackwebhooks.app.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The rules, for a code base below one package. The house's own is {@code dev.feedbackwebhooks};
 * the fixtures that break them stand below another.
 */
final class HouseRules {
  private final String root;

  HouseRules(String root) {
    this.root = root;
  }

  /** Every rule with its reason; the names of the fixtures are theirs. */
  List<Named> all() {
    return List.of(
        new Named("DomainNeedsOnlyTheJdk", domainNeedsOnlyTheJdk()),
        new Named("AdaptersDoNotKnowEachOther", adaptersDoNotKnowEachOther()),
        new Named("NobodyDependsOnApp", nobodyDependsOnApp()),
        new Named("ClientsKnowOnlyTheApi", clientsKnowOnlyTheApi()),
        new Named("LibrariesHaveOneHome", librariesHaveOneHome("java.sql..", "persistence")),
        new Named("JdbiHasOneHome", librariesHaveOneHome("org.jdbi..", "persistence")),
        new Named("HttpClientHasOneHome", librariesHaveOneHome("io.netty..", "sender", "app.ops")),
        new Named("GrpcHasOneHome", librariesHaveOneHome("io.grpc..", "grpc")),
        new Named("MetricsHaveOneHome", librariesHaveOneHome("io.micrometer..", "app")),
        new Named("TracesHaveOneHome", librariesHaveOneHome("io.opentelemetry..", "app")),
        new Named("GuiceOnlyInModules", guiceOnlyInModules()),
        new Named("GeneratedTypesStopAtTheEdge", generatedTypesStopAtTheEdge()),
        new Named("StatusesAreBuiltInOnePlace", statusesAreBuiltInOnePlace()),
        new Named("FailuresAreUnwrappedInOnePlace", failuresAreUnwrappedInOnePlace()),
        new Named("AnAdapterShowsOnlyItsModule", anAdapterShowsOnlyItsModule()),
        new Named("DomainInterfacesHaveAReason", domainInterfacesHaveAReason()),
        new Named("DomainFieldsAreFinal", domainRecordsAndValuesAreFinal()),
        new Named("PackagesAreNullMarked", packagesAreNullMarked()),
        new Named("NamesSayWhatAThingIs", namesSayWhatAThingIs()),
        new Named("TimeIsInjected", timeIsInjected()),
        new Named("ThreadsStartInApp", threadsStartInFewPlaces()),
        new Named("EnvironmentIsReadByMain", environmentIsReadByMain()),
        new Named("NoCycles", noCycles()),
        new Named("NoCyclesOfClasses", noCyclesOfClasses()),
        new Named("NoStandardStreams", noStandardStreams()),
        new Named("NoGenericExceptions", noGenericExceptions()),
        new Named("NoJavaUtilLogging", NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING),
        new Named("NoFieldInjection", NO_CLASSES_SHOULD_USE_FIELD_INJECTION));
  }

  record Named(String fixture, ArchRule rule) {
    @Override
    public String toString() {
      return fixture;
    }
  }

  private ArchRule domainNeedsOnlyTheJdk() {
    return classes()
        .that()
        .resideInAPackage(in("domain"))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(in("domain"), "java..", "org.jspecify..")
                .and(not(resideInAnyPackage("java.sql..", "java.net.http..", "java.nio.file..")))
                .and(not(nameMatching("java\\.io\\.File.*"))))
        .because("the rules of delivery must be testable and readable without any technology");
  }

  private ArchRule adaptersDoNotKnowEachOther() {
    return slices()
        .matching(root + ".(grpc|sender|persistence|cli)..")
        .should()
        .notDependOnEachOther()
        .because("an adapter can then be replaced without a look at the others");
  }

  private ArchRule nobodyDependsOnApp() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("app"), in("bench"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("app"), in("bench"))
        .because("the composition root knows everyone; nobody knows it");
  }

  private ArchRule clientsKnowOnlyTheApi() {
    return noClasses()
        .that()
        .resideInAPackage(in("cli"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("domain"))
        .because("what our commands need of the service, everybody's clients need of its API");
  }

  private ArchRule librariesHaveOneHome(String library, String... homes) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.concat(Stream.of(homes), Stream.of("proto", "cli", "examples", "bench"))
                .map(this::in)
                .toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because(library + " is a detail of " + String.join(" and ", homes));
  }

  private ArchRule guiceOnlyInModules() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("app"))
        .and()
        .haveSimpleNameNotEndingWith("Module")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
        .because("wiring is read in one place per module");
  }

  private ArchRule generatedTypesStopAtTheEdge() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("proto"), in("cli"), in("examples"), in("bench"))
        .and(not(nameMatching(".*(GrpcService|Codec)(\\$.*)?")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in("proto"))
        .because("one codec per boundary: inside, there are only the domain's types");
  }

  private ArchRule statusesAreBuiltInOnePlace() {
    return noClasses()
        .that(not(nameMatching(".*\\.GrpcStatuses(\\$.*)?")))
        .and()
        .resideOutsideOfPackages(in("cli"), in("examples"), in("bench"), in("proto"))
        .should()
        .dependOnClassesThat(nameMatching("io\\.grpc\\.(protobuf\\.StatusProto|StatusException)"))
        .orShould()
        .dependOnClassesThat(nameMatching("com\\.google\\.rpc\\..*"))
        .because("every refusal has the same shape, with a reason and a way out");
  }

  /** Clients do not know the domain, and have no store whose failures come this way. */
  private ArchRule failuresAreUnwrappedInOnePlace() {
    return noClasses()
        .that(not(nameMatching(".*\\.fault\\.Failures")))
        .and()
        .resideOutsideOfPackages(in("cli"), in("examples"), in("bench"))
        .should(askWhetherAFailureIsWrapped())
        .orShould()
        .callMethodWhere(
            target(name("getCause"))
                .and(
                    target(
                        owner(
                            assignableTo(CompletionException.class)
                                .or(assignableTo(ExecutionException.class))))))
        .because("what a stage failed with looks different by how many others it went through");
  }

  private ArchRule anAdapterShowsOnlyItsModule() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("grpc"), in("sender"), in("persistence"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(in("grpc"), in("sender"), in("persistence"))
                .and(
                    not(
                        nameMatching(
                            "[^$]*(Module|Settings|Exception|GrpcServer|KeyRotation)(\\$.*)?"))))
        .because("app needs the module of an adapter, its settings and its life cycle");
  }

  private ArchRule domainInterfacesHaveAReason() {
    return classes()
        .that()
        .resideInAPackage(in("domain"))
        .and()
        .areInterfaces()
        .and()
        .haveSimpleNameNotEndingWith("package-info")
        .should(beSealedOrImplementedOutside(in("domain")))
        .because("an interface with one implementation beside it is a class");
  }

  private ArchRule domainRecordsAndValuesAreFinal() {
    return fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(in("domain"))
        .and()
        .areDeclaredInClassesThat(not(nameMatching(MUTABLE_BY_DESIGN)))
        .should()
        .beFinal()
        .because("values do not change; what does change is named in this rule");
  }

  /** State of the engine, confined to its thread, and readers that go forward. */
  private static final String MUTABLE_BY_DESIGN =
      ".*\\.engine\\.(Claims|DeliveryEngine|Dispatcher|Lane|LaneWidth|HeldClaim|SettlementWriter|Settler)"
          + "|.*\\.node\\.Recurrence|.*\\.retention\\.RetentionSweep"
          + "|.*\\.key\\.DerReader|.*\\.replay\\.ReplayRun(ner)?";

  private ArchRule packagesAreNullMarked() {
    return classes()
        .that()
        .resideOutsideOfPackage(in("proto"))
        .should(beInNullMarkedPackage())
        .because("null is written down where it is allowed, and nowhere else");
  }

  private ArchRule namesSayWhatAThingIs() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("proto"))
        .should()
        .haveSimpleNameEndingWith("Mapper")
        .orShould()
        .haveNameMatching(".*(Dto|DTO|Impl|UseCase|Manager|Helper|Utils?|Factory)(\\$.*)?")
        .orShould()
        .haveNameMatching(".*\\.Abstract[A-Z].*")
        .because("such a name says how a thing is made, not what it is");
  }

  private ArchRule timeIsInjected() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("app"), in("cli"), in("examples"), in("bench"), in("proto"))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .because("tests set the clock");
  }

  private ArchRule threadsStartInFewPlaces() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in("app"), in("cli"), in("examples"), in("bench"))
        .should()
        .dependOnClassesThat(nameMatching("java\\.util\\.concurrent\\.(Executors|ThreadFactory)"))
        .orShould()
        .callConstructor(Thread.class)
        .orShould()
        .callMethod(Thread.class, "startVirtualThread", Runnable.class)
        .orShould()
        .callMethod(Thread.class, "ofVirtual")
        .orShould()
        .callMethod(Thread.class, "ofPlatform")
        .because("the engine runs on what app gives it, and a test gives it its own thread");
  }

  private ArchRule environmentIsReadByMain() {
    return noClasses()
        .that(not(nameMatching(".*\\.app\\.Main")))
        .and()
        .resideOutsideOfPackages(in("cli"), in("examples"), in("bench"))
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .because("a setting that is read elsewhere is in no list of settings");
  }

  private ArchRule noCycles() {
    return slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("a package can then be understood without the ones above it");
  }

  private ArchRule noCyclesOfClasses() {
    return slices()
        .assignedFrom(new TopLevelClasses(resideOutsideOfPackages(in("proto"), in("persistence"))))
        .should()
        .beFreeOfCycles()
        .because("a class can then be understood without the ones that use it");
  }

  /** A slice for each class with its nested classes. */
  private record TopLevelClasses(DescribedPredicate<JavaClass> of) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return of.test(type)
          ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "top-level classes";
    }
  }

  private ArchRule noStandardStreams() {
    return noClasses()
        .that(not(nameMatching(".*\\.app\\.(Main|lifecycle\\.Server)")))
        .and()
        .resideOutsideOfPackages(in("cli"), in("examples"), in("bench"))
        .should(ACCESS_STANDARD_STREAMS)
        .because("what a process says, it logs");
  }

  private ArchRule noGenericExceptions() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in("proto"))
        .should(THROW_GENERIC_EXCEPTIONS)
        .because("who catches must know what is meant");
  }

  private static ArchCondition<JavaClass> beSealedOrImplementedOutside(String domain) {
    return new ArchCondition<>("be sealed, or implemented outside of the domain") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean outside = type.getAllSubclasses().stream().anyMatch(not(resideInAPackage(domain)));
        boolean kept =
            outside
                || type.reflect().isSealed()
                || type.getModifiers().contains(JavaModifier.SYNTHETIC);
        events.add(new SimpleConditionEvent(type, kept, type.getName() + " is neither"));
      }
    };
  }

  private static ArchCondition<JavaClass> askWhetherAFailureIsWrapped() {
    return new ArchCondition<>("ask whether a failure is wrapped") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getInstanceofChecks().stream()
            .filter(each ->
                each.getRawType().isAssignableTo(CompletionException.class)
                    || each.getRawType().isAssignableTo(ExecutionException.class))
            .forEach(each -> events.add(SimpleConditionEvent.satisfied(type, each.toString())));
      }
    };
  }

  private static ArchCondition<JavaClass> beInNullMarkedPackage() {
    return new ArchCondition<>("be in a package that is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean kept = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(new SimpleConditionEvent(type, kept, type.getName() + " is not"));
      }
    };
  }

  private String in(String module) {
    return root + "." + module + "..";
  }
}
