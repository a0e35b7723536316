package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.DeliverySettings;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointAuth.RegisteredClaims;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.PayloadVersion;
import dev.feedbackwebhooks.domain.config.Signing;
import dev.feedbackwebhooks.domain.config.Signing.Scheme;
import dev.feedbackwebhooks.domain.config.Signing.SigningSecret;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.RowCodec;
import dev.feedbackwebhooks.persistence.stored.SecretBox;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class RowCodecTest {
  private static final RowCodec CODEC =
      new RowCodec(SecretBox.open(new SecretKeyFile(newKeyFile()), false));

  private static Path newKeyFile() {
    try {
      return Files.createTempDirectory("row-codec").resolve("key");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Property(tries = 200)
  void everyConfigurationComesBackAsItWas(
      @ForAll String displayName,
      @ForAll Set<Channel> channels,
      @ForAll JwtAlgorithm algorithm,
      @ForAll @Size(max = 50) byte[] key,
      @ForAll String issuer,
      @ForAll String header,
      @ForAll boolean sensitive,
      @ForAll @IntRange(min = 60, max = 3_600) int lifetime,
      @ForAll @IntRange int at) {
    Map<String, @Nullable Object> claims = new HashMap<>();
    claims.put("text", issuer);
    claims.put("none", null);
    claims.put("number", 4.5);
    claims.put("list", List.of(1L, true, header));
    WebhookConfig config =
        new WebhookConfig(
            at,
            lifetime,
            Samples.SCOPE,
            displayName,
            channels,
            Samples.config().url(),
            new EndpointAuth.Jwt(
                keys(algorithm, key, at, sensitive),
                new RegisteredClaims(issuer, null, header),
                Duration.ofSeconds(lifetime),
                sensitive,
                claims),
            List.of(new HeaderParameter("x-a", Secret.of(header), sensitive)),
            new DeliverySettings(
                signing(key, at, sensitive),
                at % 2 == 0 ? PayloadVersion.V1 : PayloadVersion.V2,
                sensitive ? Duration.ofSeconds(lifetime) : null),
            new ConfigStatus.DisabledByEndpoint(Instant.ofEpochMilli(at)),
            Instant.ofEpochMilli(at),
            Instant.ofEpochMilli(lifetime));

    RowCodec.Row row = CODEC.encode(config);

    assertThat(CODEC.decode(Samples.SCOPE, row)).isEqualTo(config);
    assertThat(row.toString()).contains("[secret]");
  }

  private static JwtKeys keys(JwtAlgorithm algorithm, byte[] key, int at, boolean exchanged) {
    JwtKey current = new JwtKey(algorithm, new SigningKey(Secret.of(key)), null);
    JwtKey other = new JwtKey(JwtAlgorithm.HS512, new SigningKey(Secret.of("other")), "key-0");
    return new JwtKeys(
        current, exchanged ? new JwtKeys.Previous(other, Instant.ofEpochMilli(at)) : null);
  }

  private static @Nullable Signing signing(byte[] key, int at, boolean exchanged) {
    SigningSecret secret = new SigningSecret(Scheme.HMAC_SHA256, new SigningKey(Secret.of(key)));
    SigningSecret other = new SigningSecret(Scheme.ED25519, new SigningKey(Secret.of(key)));
    return at % 3 == 0
        ? null
        : new Signing(
            secret, exchanged ? new Signing.Previous(other, Instant.ofEpochMilli(at)) : null);
  }
}
