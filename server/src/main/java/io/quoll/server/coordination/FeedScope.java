package io.quoll.server.coordination;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * What one lasting watch has to tell its caller of a change: what {@link WatchTable} would tell.
 */
@Immutable
record FeedScope(ZnodePath path, WatchMode mode, Identities caller) {
  /** The event that {@code event} is to the watch, or null. */
  @Nullable WatchEvent due(Event event) {
    Change change = event.change();
    boolean recursive = mode == WatchMode.RECURSIVE;
    if (change.path().equals(path) || (recursive && change.path().isBelow(path))) {
      return told(typeOf(change), change.path(), event.zxid(), change.acl());
    }
    Acl listAcl = recursive || !isOfChild(change) ? null : change.parentAcl();
    return listAcl == null
        ? null
        : told(WatchEvent.Type.NODE_CHILDREN_CHANGED, path, event.zxid(), listAcl);
  }

  private @Nullable WatchEvent told(WatchEvent.Type type, ZnodePath path, long zxid, Acl acl) {
    return caller.may(Permission.READ, acl) ? new WatchEvent(type, path, zxid) : null;
  }

  private boolean isOfChild(Change change) {
    return change.path().depth() == path.depth() + 1 && change.path().isBelow(path);
  }

  private static WatchEvent.Type typeOf(Change change) {
    if (change instanceof Change.Created) {
      return WatchEvent.Type.NODE_CREATED;
    }
    return change instanceof Change.DataSet
        ? WatchEvent.Type.NODE_DATA_CHANGED
        : WatchEvent.Type.NODE_DELETED;
  }
}
