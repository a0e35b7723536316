package dev.feedbackwebhooks.sender.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.masking.SecretMask;
import dev.feedbackwebhooks.sender.signing.StandardSignature;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of the head that is the same in all requests of one version of a configuration, rendered
 * once; each request appends what is its own.
 */
final class RequestHead {
  private static final int HTTPS_PORT = 443;
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString JSON = AsciiString.cached("application/json; charset=utf-8");
  private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
  static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");

  private final WebhookConfig config;
  private final AsciiString target;
  private final AsciiString authority;
  private final List<Field> fields;
  private final byte[] http1;
  private final List<HeaderField> shown;
  private final SecretMask mask;
  private final @Nullable StandardSignature signature;

  /** Whether the customer's own traceparent is sent, which is a header like others. */
  private final boolean tracedByCustomer;

  private record Field(AsciiString name, AsciiString value) {}

  private RequestHead(WebhookConfig config, List<Field> fields) {
    this.config = config;
    this.target = new AsciiString(checked(config.url().target(), ' ' + 1));
    this.authority = new AsciiString(checked(authority(config.url()), ' ' + 1));
    this.fields = fields;
    this.http1 = render();
    this.shown = withoutSecrets();
    this.mask = SecretMask.of(config.headers());
    this.signature = StandardSignature.of(config.terms().signing());
    this.tracedByCustomer =
        fields.stream().anyMatch(field -> field.name().contentEqualsIgnoreCase(TRACEPARENT));
  }

  static RequestHead of(WebhookConfig config, String userAgent) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(CONTENT_TYPE, JSON));
    fields.add(new Field(USER_AGENT, new AsciiString(checked(userAgent, ' '))));
    for (HeaderParameter header : config.headers()) {
      fields.add(field(header));
    }
    return new RequestHead(config, fields);
  }

  private static Field field(HeaderParameter header) {
    if (header.name().isEmpty() || header.name().contains(":")) {
      throw unfit();
    }
    return new Field(
        new AsciiString(checked(header.name(), ' ' + 1)),
        new AsciiString(checked(header.value().revealText(), ' ')));
  }

  /** Whether it was rendered of this very object; configurations never change. */
  @SuppressWarnings("ReferenceEquality") // To compare every header would cost more than it saves.
  boolean isOf(WebhookConfig other) {
    return config == other;
  }

  /** As RFC 9110 section 7.2 has it: an IPv6 address in brackets, no port where it is the usual. */
  private static String authority(EndpointUrl url) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    return url.port() == HTTPS_PORT ? host : host + ":" + url.port();
  }

  private List<HeaderField> withoutSecrets() {
    Set<String> sensitive =
        config.headers().stream()
            .filter(SecretMask::isSecret)
            .map(HeaderParameter::name)
            .collect(Collectors.toSet());
    List<HeaderField> lines = new ArrayList<>();
    lines.add(new HeaderField("host", authority.toString(), false));
    for (Field field : fields) {
      String name = field.name().toString();
      boolean masked = sensitive.contains(name);
      lines.add(new HeaderField(name, masked ? "" : field.value().toString(), masked));
    }
    return lines;
  }

  /** The headers for people, without what is secret in them. */
  List<HeaderField> shown() {
    return shown;
  }

  boolean isTracedByCustomer() {
    return tracedByCustomer;
  }

  /** Whether {@link #sign} takes so long that it is no work for an event loop. */
  boolean isSignedByPrivateKey() {
    return signature != null && signature.usesPrivateKey();
  }

  /** The value of webhook-signature; null where none is wanted. */
  @Nullable String sign(Post post, long timestamp) {
    return signature == null
        ? null
        : signature.of(post.id().text(), timestamp, post.payload().bytes());
  }

  /** The mask that takes the secrets of these requests out of answers. */
  SecretMask mask() {
    return mask;
  }

  private byte[] render() {
    StringBuilder text = new StringBuilder(256);
    text.append("POST ").append(target).append(" HTTP/1.1\r\nhost: ").append(authority);
    for (Field field : fields) {
      text.append("\r\n").append(field.name()).append(": ").append(field.value());
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  /** The request line and the headers over HTTP/1.1, up to those of each request. */
  byte[] http1() {
    return http1;
  }

  /** The headers over HTTP/2, with room for those of each request. */
  Http2Headers http2() {
    Http2Headers headers = new DefaultHttp2Headers(false, 2 * (fields.size() + 10));
    headers.method("POST").scheme("https").authority(authority).path(target);
    for (Field field : fields) {
      headers.add(field.name().toLowerCase(), field.value());
    }
    return headers;
  }

  /**
   * The text, if it can stand in a head. The domain's rules have seen to that; but a line break
   * that came through would let a customer write our requests, so it is looked for once more.
   */
  static String checked(String text, int least) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < least && c != '\t') || c >= 0x7f) {
        throw unfit();
      }
    }
    return text;
  }

  private static ExchangeException unfit() {
    return new ExchangeException(
        AttemptFailure.INTERNAL, "the configuration has a header that cannot be sent", null);
  }
}
