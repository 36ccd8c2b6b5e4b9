package io.quoll.server.coordination;

import com.google.protobuf.ByteString;

/** A session as it is attached at this replica. Thread-safe. */
public final class SessionHold {
  private final long sessionId;
  private final ByteString secret;
  private final long epoch;
  private final long timeoutMillis;
  private final long lastCxid;
  private final long zxid;
  private final SessionHolder holder;
  private volatile long touchedNanos = System.nanoTime();

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
   */
  SessionHold(
      long sessionId,
      ByteString secret,
      long epoch,
      long timeoutMillis,
      long lastCxid,
      long zxid,
      SessionHolder holder) {
    this.sessionId = sessionId;
    this.secret = secret;
    this.epoch = epoch;
    this.timeoutMillis = timeoutMillis;
    this.lastCxid = lastCxid;
    this.zxid = zxid;
    this.holder = holder;
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
    touchedNanos = System.nanoTime();
  }

  /** When the last sign of life came, by {@link System#nanoTime}. */
  long touchedNanos() {
    return touchedNanos;
  }

  SessionHolder holder() {
    return holder;
  }
}
