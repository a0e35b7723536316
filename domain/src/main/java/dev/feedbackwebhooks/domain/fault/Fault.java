package dev.feedbackwebhooks.domain.fault;

import java.time.Duration;
import java.util.List;

/**
 * A refusal to the caller. It says what was refused, by which rule, and what to do instead; it
 * never holds a secret. One place in the gRPC adapter turns it into a status.
 */
public abstract sealed class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  private Fault(Reason reason, String message) {
    // No stack trace: a refusal is an answer, not a bug, and there may be thousands a second.
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** The message, which a {@link RuntimeException} may lack but a fault always has. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** The request breaks rules of its fields. */
  public static final class InvalidFields extends Fault {
    private static final long serialVersionUID = 1;
    private final transient List<Violation> violations;

    public InvalidFields(List<Violation> violations) {
      this(Reason.INVALID_FIELDS, violations);
    }

    public InvalidFields(Reason reason, List<Violation> violations) {
      super(reason, summary(violations));
      this.violations = List.copyOf(violations);
    }

    /** One field, one rule. */
    public static InvalidFields of(Reason reason, String field, String description) {
      return new InvalidFields(reason, List.of(new Violation(field, description)));
    }

    public List<Violation> violations() {
      return violations;
    }

    private static String summary(List<Violation> violations) {
      Violation first = violations.getFirst();
      String rest = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
      return first.field() + " " + first.description() + rest;
    }
  }

  /** The named resource does not exist. */
  public static final class NotFound extends Fault {
    private static final long serialVersionUID = 1;
    private final String resource;

    public NotFound(Reason reason, String resource) {
      super(reason, resource + " does not exist");
      this.resource = resource;
    }

    public String resource() {
      return resource;
    }
  }

  /** The resource is there already. */
  public static final class AlreadyExists extends Fault {
    private static final long serialVersionUID = 1;
    private final String resource;

    public AlreadyExists(Reason reason, String resource, String wayOut) {
      super(reason, resource + " exists already: " + wayOut);
      this.resource = resource;
    }

    public String resource() {
      return resource;
    }
  }

  /** Someone else changed the resource in the meantime: read it again, then decide. */
  public static final class Stale extends Fault {
    private static final long serialVersionUID = 1;
    private final String resource;

    public Stale(String resource) {
      super(
          Reason.STALE_ETAG,
          resource + " has changed since this etag was read: read it again and repeat");
      this.resource = resource;
    }

    public String resource() {
      return resource;
    }
  }

  /** The request is well formed, but the state of {@code subject} does not allow it now. */
  public static final class NotNow extends Fault {
    private static final long serialVersionUID = 1;
    private final String subject;

    public NotNow(Reason reason, String subject, String description) {
      super(reason, description);
      this.subject = subject;
    }

    public String subject() {
      return subject;
    }
  }

  /** The service cannot take the request for the moment; nothing of it was kept. */
  public static final class Unavailable extends Fault {
    private static final long serialVersionUID = 1;
    private final Duration retryAfter;

    public Unavailable(Reason reason, String message, Duration retryAfter) {
      super(reason, message);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The caller did not say, or could not prove, who it is. */
  public static final class Unauthenticated extends Fault {
    private static final long serialVersionUID = 1;

    public Unauthenticated(String message) {
      super(Reason.UNAUTHENTICATED, message);
    }
  }

  /** The caller is known and may not do this. */
  public static final class PermissionDenied extends Fault {
    private static final long serialVersionUID = 1;

    public PermissionDenied(String message) {
      super(Reason.PERMISSION_DENIED, message);
    }
  }
}
