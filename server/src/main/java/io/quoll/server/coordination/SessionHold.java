package io.quoll.server.coordination;

import com.google.protobuf.ByteString;
import java.util.function.LongSupplier;

/** A session as it is attached at this replica. Thread-safe. */
public final class SessionHold {
  private final long sessionId;
  private final ByteString secret;
  private final long epoch;
  private final long timeoutMillis;
  private final long lastCxid;
  private final long zxid;
  private final SessionHolder holder;
  private final LongSupplier nanos;
  private final long attachedNanos;
  private final SessionTraffic traffic = new SessionTraffic();
  private volatile long touchedNanos;
  private volatile long reportedNanos;
  private volatile boolean closing;

  /**
   * A session that was attached just now.
   *
   * @param sessionId its id
   * @param secret its secret
   * @param epoch its epoch, which all that is done for this attachment names
   * @param timeoutMillis how long it may be silent
   * @param lastCxid the number of its last write that was applied
   * @param zxid the zxid of the attachment, which readers here see
   * @param holder hears of the end
   * @param nanos the time, as {@link System#nanoTime} tells it
   */
  SessionHold(
      long sessionId,
      ByteString secret,
      long epoch,
      long timeoutMillis,
      long lastCxid,
      long zxid,
      SessionHolder holder,
      LongSupplier nanos) {
    this.sessionId = sessionId;
    this.secret = secret;
    this.epoch = epoch;
    this.timeoutMillis = timeoutMillis;
    this.lastCxid = lastCxid;
    this.zxid = zxid;
    this.holder = holder;
    this.nanos = nanos;
    this.attachedNanos = nanos.getAsLong();
    this.touchedNanos = attachedNanos;
    this.reportedNanos = attachedNanos; // To attach is a sign of life that the leader sees itself.
  }

  /** The id of the session. */
  public long sessionId() {
    return sessionId;
  }

  /** The secret of the session. */
  public ByteString secret() {
    return secret;
  }

  /** The epoch of this attachment. */
  public long epoch() {
    return epoch;
  }

  /** How long the session may be silent, in milliseconds. */
  public long timeoutMillis() {
    return timeoutMillis;
  }

  /** The number of the last write that was applied when it was attached. */
  public long lastCxid() {
    return lastCxid;
  }

  /** The zxid of the attachment. */
  public long zxid() {
    return zxid;
  }

  /** Notes a sign of life. */
  public void touch() {
    touchedNanos = nanos.getAsLong();
  }

  /** When the last sign of life came, by {@link System#nanoTime}. */
  public long touchedNanos() {
    return touchedNanos;
  }

  /** What went on in this attachment. */
  public SessionTraffic traffic() {
    return traffic;
  }

  /** When the session was attached, by {@link System#nanoTime}. */
  public long attachedNanos() {
    return attachedNanos;
  }

  /** Whether there is a sign of life that the leader is not known to have heard of. */
  boolean isTouchUnreported() {
    return touchedNanos - reportedNanos > 0;
  }

  /** Notes that the leader has heard of the sign of life at {@code touchedNanos}. */
  void reported(long touchedNanos) {
    reportedNanos = touchedNanos;
  }

  /** Whether the client is ending the session, and so need not be told of its end. */
  boolean isClosing() {
    return closing;
  }

  void setClosing(boolean closing) {
    this.closing = closing;
  }

  /** Who holds it. */
  public SessionHolder holder() {
    return holder;
  }
}
