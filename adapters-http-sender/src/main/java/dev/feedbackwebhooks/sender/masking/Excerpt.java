package dev.feedbackwebhooks.sender.masking;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The excerpt of an answer that is kept: the beginning of its head and of its body, without
 * secrets.
 */
public final class Excerpt {
  private static final int MOST_FIELDS = 32;

  /** The most bytes of names and values together: accepted deliveries keep them, too. */
  private static final int MOST_HEAD = 4 * 1024;

  private static final int MOST_NAME = 128;
  private static final int MOST_VALUE = 512;

  /** Secrets of the endpoint's own. */
  private static final Set<String> MASKED =
      Set.of("set-cookie", "authorization", "proxy-authorization");

  private final SecretMask mask;
  private final @Nullable String authorization;
  private final List<HeaderField> head = new ArrayList<>(8);
  private @Nullable StringBuilder body;
  private int bodyBytes;

  public Excerpt(SecretMask mask, @Nullable String authorization) {
    this.mask = mask;
    this.authorization = authorization;
  }

  public void head(Iterator<? extends Map.Entry<CharSequence, CharSequence>> fields) {
    int room = MOST_HEAD;
    while (fields.hasNext() && head.size() < MOST_FIELDS && room > 0) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      String name = field.getKey().toString();
      if (!name.startsWith(":")) {
        HeaderField kept = field(name, field.getValue().toString());
        room -= kept.name().length() + kept.value().length();
        if (room >= 0) {
          head.add(kept);
        }
      }
    }
  }

  private HeaderField field(String name, String value) {
    boolean masked = MASKED.contains(name.toLowerCase(Locale.ROOT));
    return new HeaderField(
        cut(mask.applyTo(name, authorization), MOST_NAME),
        masked ? "" : cut(mask.applyTo(value, authorization), MOST_VALUE),
        masked);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  /** Takes a little more than is kept, so that no secret is cut in two before it is masked. */
  public void body(ByteBuf part) {
    int size = part.readableBytes();
    bodyBytes += size;
    int most = AttemptDetail.MOST_BODY_BYTES + mask.longest(authorization);
    if (size > 0 && (body == null || body.length() < most)) {
      if (body == null) {
        body = new StringBuilder(Math.min(size, most));
      }
      int taken = Math.min(size, most - body.length());
      body.append(part.toString(part.readerIndex(), taken, StandardCharsets.ISO_8859_1));
    }
  }

  public List<HeaderField> head() {
    return head;
  }

  public String body() {
    return body == null
        ? ""
        : cut(
            mask.applyTo(body.toString(), authorization, AttemptDetail.MOST_BODY_BYTES),
            AttemptDetail.MOST_BODY_BYTES);
  }

  public boolean bodyIsCut() {
    return bodyBytes > AttemptDetail.MOST_BODY_BYTES;
  }
}
