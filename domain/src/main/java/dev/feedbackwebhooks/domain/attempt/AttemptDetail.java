package dev.feedbackwebhooks.domain.attempt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The details of an attempt on the wire: request, answer, address and times. No secret of the
 * configuration is in it.
 *
 * @param address and port that was connected to, or tried; null where none was chosen
 * @param protocol "h2" or "http/1.1"; null where no connection was made
 * @param connectionReused whether the connection stood already: then it has no times
 * @param failedAddresses of the same name, tried in the same attempt without success
 * @param requestHead as it was sent; empty where nothing was sent, and of an accepted attempt
 * @param responseHead as it came; empty where none came
 * @param responseBody its beginning, of up to {@link #MOST_BODY_BYTES}: one char for each byte (ISO
 *     8859-1)
 * @param responseBodyCut whether there was more of it
 */
public record AttemptDetail(
    Timing timing,
    @Nullable String address,
    @Nullable String protocol,
    boolean connectionReused,
    List<FailedAddress> failedAddresses,
    List<HeaderField> requestHead,
    List<HeaderField> responseHead,
    String responseBody,
    boolean responseBodyCut) {
  /** The most bytes of an answer's body that are kept. */
  public static final int MOST_BODY_BYTES = 2 * 1024;

  /** The most failed addresses that are kept. */
  public static final int MOST_FAILED_ADDRESSES = 8;

  /** The detail of an attempt of which nothing is known. */
  public static final AttemptDetail NONE =
      new AttemptDetail(Timing.NONE, null, null, false, List.of(), List.of(), List.of(), "", false);

  public AttemptDetail {
    failedAddresses = List.copyOf(failedAddresses);
    requestHead = List.copyOf(requestHead);
    responseHead = List.copyOf(responseHead);
  }

  /** Neither head nor body, which may hold what is about a person. */
  @Override
  public String toString() {
    return "AttemptDetail[" + address + ", " + protocol + ", " + timing + "]";
  }

  /**
   * An address that no connection could be made to.
   *
   * @param address and port
   * @param failure {@link AttemptFailure#CONNECT_TIMEOUT} also where another address was faster
   */
  public record FailedAddress(String address, AttemptFailure failure) {}

  /**
   * A line of a head.
   *
   * @param value empty if masked
   * @param masked whether the value is a secret
   */
  public record HeaderField(String name, String value, boolean masked) {}

  /**
   * The duration of each phase in microseconds; {@link #ABSENT} where it was not reached or not
   * needed.
   *
   * @param dns finding the addresses of the host
   * @param connect TCP, and a proxy's tunnel
   * @param tls the handshake
   * @param firstByte from the request's writing to the head of the answer
   * @param total from the beginning of the attempt to its end, with what is in none of the phases
   */
  public record Timing(long dns, long connect, long tls, long firstByte, long total) {
    /** Says that a phase was not reached, or not needed. */
    public static final long ABSENT = -1;

    static final Timing NONE = new Timing(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT);
  }
}
