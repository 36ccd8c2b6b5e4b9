package io.quoll.server.coordination;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/** What one lasting watch has to tell of a change: what {@link WatchTable} would tell for it. */
@Immutable
record FeedScope(ZnodePath path, WatchMode mode) {
  /** The event that {@code event} is to the watch, or null. */
  @Nullable WatchEvent due(Event event) {
    Change change = event.change();
    boolean recursive = mode == WatchMode.RECURSIVE;
    if (change.path().equals(path) || (recursive && change.path().isBelow(path))) {
      return new WatchEvent(typeOf(change), change.path(), event.zxid());
    }
    boolean listChanged = !recursive && isOfChild(change) && !(change instanceof Change.DataSet);
    return listChanged
        ? new WatchEvent(WatchEvent.Type.NODE_CHILDREN_CHANGED, path, event.zxid())
        : null;
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
