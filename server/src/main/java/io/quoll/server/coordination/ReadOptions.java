package io.quoll.server.coordination;

/**
 * How fresh the answer to a query has to be.
 *
 * @param linearizable whether it has to include all that was acknowledged before it was asked
 * @param minZxid the zxid that it has to include at least
 */
public record ReadOptions(boolean linearizable, long minZxid) {
  /** Whatever this replica has applied. */
  public static final ReadOptions LOCAL = new ReadOptions(false, 0);
}
