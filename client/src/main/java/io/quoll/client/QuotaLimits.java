package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * How much a subtree may hold. Each limit is a number from 0 up, or {@link #NONE}; in a change it
 * may also be {@link #KEEP}.
 *
 * @param count how many znodes there ought to be at most, the root of the subtree among them; the
 *     servers log when there come to be more
 * @param bytes how many bytes of data they ought to have at most
 * @param hardCount how many znodes there can be at most
 * @param hardBytes how many bytes of data they can have at most
 */
@Immutable
public record QuotaLimits(long count, long bytes, long hardCount, long hardBytes) {
  /** There is no such limit. */
  public static final long NONE = -1;

  /** The limit stays as it is. */
  public static final long KEEP = -2;
}
