package io.quoll.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a part of a multi-read found. */
public sealed interface ReadResult {
  /** The data and stat that were asked for. */
  record Data(ZnodeData znode) implements ReadResult {}

  /**
   * Whether the znode exists.
   *
   * @param found its stat, or null if there is no such znode
   */
  record Existence(@Nullable Stat found) implements ReadResult {
    /** The stat of the znode, if there is one. */
    public Optional<Stat> stat() {
      return Optional.ofNullable(found);
    }
  }

  /** The page that was asked for. */
  record Children(ChildrenPage page) implements ReadResult {}

  /** Why there is no result. */
  record Failed(ErrorCode code, String message) implements ReadResult {}
}
