package io.quoll.statemachine.state;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;

/**
 * What the replicated state knows of a session. How long it has been silent is not part of that:
 * only the leader knows. (ADR 0010, ADR 0011.)
 *
 * @param id the zxid that opened it, so never 0 and never given twice
 * @param secret what a client must show to attach it: {@link #SECRET_BYTES} random bytes
 * @param timeoutMillis how long it may be silent
 * @param epoch how often it was attached, from 1 on; what comes from an older one is refused
 * @param lastCxid the number of the last write that was applied; 0 before the first
 * @param firstKeptCxid the number of the first write whose reply is kept; the replies from there up
 *     to {@code lastCxid} all are
 */
@Immutable
public record Session(
    long id, ByteString secret, long timeoutMillis, long epoch, long lastCxid, long firstKeptCxid) {
  /** The bytes of every secret. */
  public static final int SECRET_BYTES = 16;

  /** How many replies are kept for one session at most. */
  public static final int REPLIES_MAX = 1_000;

  /** A session as it is opened at {@code zxid}. */
  public static Session openedAt(long zxid, ByteString secret, long timeoutMillis) {
    checkSecret(secret);
    return new Session(zxid, secret, timeoutMillis, 1, 0, 1);
  }

  /** Refuses a secret of another length. */
  public static void checkSecret(ByteString secret) {
    checkArgument(secret.size() == SECRET_BYTES, "a secret has %s bytes", SECRET_BYTES);
  }

  /** This session once it is attached anew, with the timeout that was agreed on then. */
  public Session attached(long timeoutMillis) {
    return new Session(id, secret, timeoutMillis, epoch + 1, lastCxid, firstKeptCxid);
  }

  /** This session once the replies below {@code firstUnacknowledgedCxid} need not be kept. */
  public Session acknowledged(long firstUnacknowledgedCxid) {
    long first = Math.min(firstUnacknowledgedCxid, lastCxid + 1);
    return new Session(id, secret, timeoutMillis, epoch, lastCxid, Math.max(firstKeptCxid, first));
  }

  /** This session after its next write. */
  public Session withNextWrite() {
    return new Session(id, secret, timeoutMillis, epoch, lastCxid + 1, firstKeptCxid);
  }

  /** How many replies are kept. */
  public long repliesKept() {
    return lastCxid - firstKeptCxid + 1;
  }

  /** Whether the reply to the write {@code cxid} is kept. */
  public boolean keepsReply(long cxid) {
    return cxid >= firstKeptCxid && cxid <= lastCxid;
  }
}
