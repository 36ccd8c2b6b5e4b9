package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/**
 * What happened to one znode at one zxid, as a watch tells it. The parent's list of children
 * changes with every {@link Created} and {@link Deleted} and is not told apart.
 */
@Immutable
public sealed interface Change {
  /** The znode that this happened to. */
  ZnodePath path();

  /** The znode was created. */
  record Created(ZnodePath path) implements Change {}

  /** The znode's data was set, be it to what it was before. */
  record DataSet(ZnodePath path) implements Change {}

  /** The znode was deleted. */
  record Deleted(ZnodePath path) implements Change {}
}
