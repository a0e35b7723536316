package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Keys.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.testing.HostileKeys;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration that must be refused: INVALID_ARGUMENT, its field named, nothing stored. */
@NullUnmarked
class HostileConfigTest {
  private static final String URL = "webhook_config.url";
  private static final String HEADERS = "webhook_config.header_parameters";
  private static final String NAME = HEADERS + "[0].name";
  private static final String VALUE = HEADERS + "[0].value";
  private static final String JWT = "webhook_config.jwt.";
  private static final String GOOD_URL = "https://hooks.example.com/";

  @TempDir static Path directory;
  private static Endpoint endpoint;
  private static RunningServer server;
  private static Api api;

  @BeforeAll
  static void open() throws Exception {
    endpoint = Endpoint.start(directory);
    server = RunningServer.startStrict(directory, endpoint);
    api = new Api(server);
  }

  @AfterAll
  static void close() {
    server.close();
    endpoint.close();
  }

  static Stream<Arguments> urls() {
    return Stream.of(
            "",
            "http://hooks.example.com/",
            "ftp://hooks.example.com/",
            "https://",
            "https:///a",
            "https://u:p@hooks.example.com/",
            "https://u@hooks.example.com/",
            "https://hooks.example.com/#a",
            "https://hooks.example.com/#",
            "https://hooks.example.com/a b",
            "https://hooks.example.com/\r\nx: y",
            "https://hooks.example.com/\n",
            "https://hooks.example.com/\u0000",
            "https://hooks.example.com\\@evil.com/",
            "https://hooks.example.com:0/",
            "https://hooks.example.com:70000/",
            "https://hooks.example.com:/",
            "https://hooks.example.com:8a/",
            "https://hooks.example.com/" + "a".repeat(2_023),
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://127.0.0.01/",
            "https://１２７.0.0.1/",
            "https://８.8.8.8/",
            "https://127。0。0。1/",
            "https://\u2488example.com/",
            "https://evil\u2024com/",
            "https://a\u2024example.com/",
            "https://hooks。example.com/",
            "https://\uff48ooks.example.com/",
            "https://\u0300a.com/",
            "https://straße.de/",
            "https://STRAẞE.de/",
            "https://σίσυφος.gr/",
            "https://xn--a.straße.example/",
            "https://hooks_in.example.com/",
            "https://_hooks.example.com/",
            "https://[::ffff:169.254.169.254]/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::1%25lo]/",
            "https://[::1/",
            "https://::1/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1/",
            "https://192.168.1.1/",
            "https://172.16.0.1/",
            "https://169.254.169.254/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://224.0.0.1/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:a00:1::]/",
            "https://localhost/",
            "https://a.localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://intranet/",
            "https://hooks.example.com./",
            "https://.example.com/",
            "https://a..example.com/",
            "https://-a.example.com/",
            "https://a_b!.example.com/",
            "https://hooks.exa%6dple.com/",
            "https://hooks.example.com/%zz",
            "https://hooks.example.com/\u202e",
            "//hooks.example.com/",
            "hooks.example.com")
        .map(url -> bad(shown(url), URL, Api.config(url)));
  }

  static Stream<Arguments> headers() {
    Stream<Arguments> names =
        Stream.of(
                "",
                "a b",
                "a:b",
                "a\r\nb",
                "ä",
                "a\u0000",
                "Host",
                "content-length",
                "Transfer-Encoding",
                "connection",
                "TE",
                "Upgrade",
                "Trailer",
                "Expect",
                "Proxy-Authorization",
                "proxy-x",
                "Content-Type",
                "content-encoding",
                "webhook-id",
                "Webhook-Anything",
                ":path",
                ":authority",
                "x".repeat(257))
            .map(name -> bad(shown(name), NAME, withHeaders(header(name, "v"))));
    Stream<Arguments> values =
        Stream.of("a\r\nb: c", "a\n", "\u0000", "a\u001bb", "\u007f", "x".repeat(4_097), " a", "ü")
            .map(value -> bad(shown(value), VALUE, withHeaders(header("x-a", value))));
    return Stream.concat(
        Stream.concat(names, values),
        Stream.of(
            bad(
                "the same name twice",
                HEADERS + "[1].name",
                withHeaders(header("X-A", "1"), header("x-a", "2"))),
            bad(
                "33 headers",
                HEADERS,
                withHeaders(
                    IntStream.range(0, 33)
                        .mapToObj(i -> header("x-" + i, "v"))
                        .toArray(HeaderParameter[]::new))),
            bad(
                "more than 16 KiB together",
                HEADERS,
                withHeaders(
                    IntStream.range(0, 5)
                        .mapToObj(i -> header("x-" + i, "v".repeat(4_000)))
                        .toArray(HeaderParameter[]::new))),
            bad(
                "a sensitive one without a value",
                VALUE,
                withHeaders(
                    HeaderParameter.newBuilder().setName("x-a").setSensitive(true).build())),
            bad(
                "authorization together with a token",
                NAME,
                withHeaders(header("Authorization", "Basic x")).setJwt(hmac()))));
  }

  static Stream<Arguments> rest() {
    String name = "webhook_config.display_name";
    String channels = "webhook_config.channels";
    return Stream.of(
        bad("no channel", channels, config().clearChannels()),
        bad("a channel twice", channels, config().addChannels(Channel.CHANNEL_EMAIL)),
        bad(
            "an unspecified channel",
            channels + "[1]",
            config().addChannels(Channel.CHANNEL_UNSPECIFIED)),
        bad("an unknown channel", channels + "[1]", config().addChannelsValue(99)),
        bad("no display name", name, config().clearDisplayName()),
        bad("a long display name", name, config().setDisplayName("x".repeat(101))),
        bad("a control character", name, config().setDisplayName("a\u0007b")),
        bad("text that turns around", name, config().setDisplayName("a\u202eb")),
        bad("a zero-width character", name, config().setDisplayName("a\u200bb")),
        bad("a blank display name", name, config().setDisplayName("  ")));
  }

  static Stream<Arguments> tokens() {
    return Stream.of(
        token("a short HS256 key", "secret", hmac().setSecret(bytes(31))),
        token(
            "a short HS384 key",
            "secret",
            hmac().setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS384).setSecret(bytes(47))),
        token(
            "a short HS512 key",
            "secret",
            hmac().setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS512).setSecret(bytes(63))),
        token("no key", "secret", hmac().clearSecret()),
        token("no algorithm", "algorithm", hmac().clearAlgorithm()),
        token("an unknown algorithm", "algorithm", hmac().setAlgorithmValue(99)),
        token("RSA of 1024 bits", "private_key_pem", rs256(privatePem("RSA", 1_024))),
        token("a public key", "private_key_pem", rs256(publicPem("RSA", 2_048))),
        token(
            "garbage",
            "private_key_pem",
            rs256("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")),
        token("no PEM", "private_key_pem", rs256("s3cr3t")),
        token("RSA with slow primes", "private_key_pem", rs256(pem(HostileKeys.longPrimes()))),
        token("RSA with no prime", "private_key_pem", rs256(pem(HostileKeys.compositePrime()))),
        token("an EC key for RSA", "private_key_pem", rs256(privatePem("EC", 256))),
        token(
            "a P-384 key for ES256",
            "private_key_pem",
            rs256(privatePem("EC", 384)).setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_ES256)),
        token(
            "an RSA key for EdDSA",
            "private_key_pem",
            rs256(privatePem("RSA", 2_048)).setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_EDDSA)),
        token(
            "a secret for RS256", "secret", hmac().setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_RS256)),
        token(
            "a private key for HS256",
            "private_key_pem",
            rs256(privatePem("RSA", 2_048)).setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)),
        token("lifetime 0", "lifetime", hmac().setLifetime(Duration.getDefaultInstance())),
        token("a negative lifetime", "lifetime", hmac().setLifetime(seconds(-60))),
        token("59 s", "lifetime", hmac().setLifetime(seconds(59))),
        token("25 h", "lifetime", hmac().setLifetime(seconds(90_000))),
        token("an endless lifetime", "lifetime", hmac().setLifetime(seconds(Long.MAX_VALUE))),
        token("a long key id", "key_id", hmac().setKeyId("x".repeat(256))),
        token("a line break in a claim", "issuer", hmac().setIssuer("a\nb")),
        token("a format character in a key id", "key_id", hmac().setKeyId("a\u2066b")),
        token(
            "a whole number that a double does not hold",
            "additional_claims.a.b[1]",
            hmac().setAdditionalClaims(largeNumber())),
        claim("iss"),
        claim("sub"),
        claim("aud"),
        claim("exp"),
        claim("iat"),
        claim("jti"),
        claim("nbf"),
        token(
            "claims of 5 KiB",
            "additional_claims",
            hmac().setAdditionalClaims(struct("x", "y".repeat(5_000)))));
  }

  @ParameterizedTest
  @MethodSource({"urls", "headers", "rest", "tokens"})
  void isRefusedByItsFieldAndNothingIsStored(String field, WebhookConfig config) {
    Refusal refusal = Refusal.of(() -> api.create(config));
    assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.reason()).isEqualTo("INVALID_FIELDS");
    assertThat(refusal.fields()).contains(field);
    assertThat(refusal.status().toString())
        .doesNotContain("s3cr3t")
        .doesNotContain("PRIVATE KEY-----\nM");
    assertThat(
            api.configs
                .listWebhookConfigs(
                    ListWebhookConfigsRequest.newBuilder()
                        .setParent("organizations/-/sandboxes/-")
                        .build())
                .getWebhookConfigsList())
        .isEmpty();
  }

  static Stream<Arguments> parents() {
    String long129 = "x".repeat(129);
    return Stream.of(
            "",
            "organizations/o",
            "organizations/o/sandboxes/",
            "organizations//sandboxes/s",
            "organizations/a/b/sandboxes/s",
            "organizations/o/sandboxes/s/",
            "organizations/-/sandboxes/s",
            "organizations/o/sandboxes/-",
            "organizations/" + long129 + "/sandboxes/s",
            "organizations/o/sandboxes/" + long129,
            "organizations/o\n/sandboxes/s",
            "organizations/o\u202e/sandboxes/s",
            "organizations/o/sandboxes/s\ufeff",
            "/organizations/o/sandboxes/s",
            "organizations/ /sandboxes/s")
        .map(parent -> Arguments.argumentSet(shown(parent), parent));
  }

  @ParameterizedTest
  @MethodSource("parents")
  void aBadParentIsRefusedByName(String parent) {
    Refusal refusal =
        Refusal.of(() ->
            api.configs.createWebhookConfig(
                CreateWebhookConfigRequest.newBuilder()
                    .setParent(parent)
                    .setWebhookConfig(config())
                    .build()));
    assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.fields()).containsOnly("parent");
  }

  private static Arguments bad(String what, String field, WebhookConfig.Builder config) {
    return Arguments.argumentSet(what, field, config.build());
  }

  private static Arguments token(String what, String field, JwtAuthentication.Builder jwt) {
    return bad(what, JWT + field, config().setJwt(jwt));
  }

  /** 2^53: 2^53 + 1 would have become the same. */
  private static Struct largeNumber() {
    Value number = Value.newBuilder().setNumberValue(9_007_199_254_740_992d).build();
    ListValue list =
        ListValue.newBuilder().addValues(Value.getDefaultInstance()).addValues(number).build();
    Struct inner =
        Struct.newBuilder().putFields("b", Value.newBuilder().setListValue(list).build()).build();
    return Struct.newBuilder()
        .putFields("a", Value.newBuilder().setStructValue(inner).build())
        .build();
  }

  private static Arguments claim(String name) {
    return token(
        "claim " + name,
        "additional_claims." + name,
        hmac().setAdditionalClaims(struct(name, "x")));
  }

  private static WebhookConfig.Builder config() {
    return Api.config(GOOD_URL);
  }

  private static WebhookConfig.Builder withHeaders(HeaderParameter... headers) {
    return config().addAllHeaderParameters(List.of(headers));
  }

  private static HeaderParameter header(String name, String value) {
    return HeaderParameter.newBuilder().setName(name).setValue(value).build();
  }

  private static String pem(JwtKey key) {
    return HostileKeys.pem(key.key().material().reveal());
  }

  private static JwtAuthentication.Builder hmac() {
    return JwtAuthentication.newBuilder()
        .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
        .setSecret(bytes(32));
  }

  private static JwtAuthentication.Builder rs256(String pem) {
    return JwtAuthentication.newBuilder()
        .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_RS256)
        .setPrivateKeyPem(pem);
  }

  private static ByteString bytes(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  private static Struct struct(String name, String value) {
    return Struct.newBuilder()
        .putFields(name, Value.newBuilder().setStringValue(value).build())
        .build();
  }

  /** Fit for a test's name. */
  private static String shown(String text) {
    String visible =
        text.codePoints()
            .mapToObj(c -> c < ' ' || c > 0x7e ? "\\u%04x".formatted(c) : Character.toString(c))
            .collect(Collectors.joining());
    return visible.isEmpty() ? "empty" : visible.substring(0, Math.min(60, visible.length()));
  }
}
