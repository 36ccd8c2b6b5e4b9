package io.quoll.server.coordination;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.ZnodePath;

/**
 * What a watch tells.
 *
 * @param type what happened
 * @param path the znode that it happened to; for {@code NODE_CHILDREN_CHANGED} the parent
 * @param zxid the zxid of the change
 */
@Immutable
public record WatchEvent(Type type, ZnodePath path, long zxid) {
  /** What happened to a znode. */
  public enum Type {
    NODE_CREATED,
    NODE_DELETED,
    NODE_DATA_CHANGED,
    NODE_CHILDREN_CHANGED
  }
}
