package io.quoll.server.coordination;

import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a watch has to tell by the znode as it is now, where nothing else is known of what happened
 * since. The event carries the zxid of the znode's change; that of a deletion is the last change of
 * the list of children in which the znode is missing, at the latest.
 */
enum ZxidRule {
  /** A data watch that is set again; there was a znode. (ZooKeeper: SetWatches.) */
  DATA {
    @Override
    @Nullable WatchEvent due(StateView view, ZnodePath path, long sinceZxid) {
      return laterOrDeleted(view, path, WatchEvent.Type.NODE_DATA_CHANGED, Znode::mzxid, sinceZxid);
    }
  },
  /** An exists watch that is set again; there was no znode. (ZooKeeper: SetWatches.) */
  EXISTS {
    @Override
    @Nullable WatchEvent due(StateView view, ZnodePath path, long sinceZxid) {
      return view.find(path)
          .map(znode -> new WatchEvent(WatchEvent.Type.NODE_CREATED, path, znode.czxid()))
          .orElse(null);
    }
  },
  /** A child watch; there was a znode. (ZooKeeper: SetWatches.) */
  CHILDREN {
    @Override
    @Nullable WatchEvent due(StateView view, ZnodePath path, long sinceZxid) {
      return laterOrDeleted(
          view, path, WatchEvent.Type.NODE_CHILDREN_CHANGED, Znode::pzxid, sinceZxid);
    }
  },
  /** A data or an exists watch; there may have been a znode or not. */
  EITHER {
    @Override
    @Nullable WatchEvent due(StateView view, ZnodePath path, long sinceZxid) {
      Znode znode = view.find(path).orElse(null);
      if (znode == null) {
        WatchEvent deleted = deleted(view, path);
        return deleted.zxid() > sinceZxid ? deleted : null; // Else it was missing before, too.
      }
      return znode.czxid() > sinceZxid
          ? new WatchEvent(WatchEvent.Type.NODE_CREATED, path, znode.czxid())
          : later(WatchEvent.Type.NODE_DATA_CHANGED, path, znode.mzxid(), sinceZxid);
    }
  };

  /** The event that is due since {@code sinceZxid}, or null. */
  abstract @Nullable WatchEvent due(StateView view, ZnodePath path, long sinceZxid);

  /**
   * The event that {@code watcher} is to be told since {@code sinceZxid}, and whether one was due
   * at all: what is due is due, but only who may read the znode hears of it. That there is none is
   * no secret: every reader finds that out.
   */
  Due due(StateView view, ZnodePath path, long sinceZxid, Watcher watcher) {
    WatchEvent event = due(view, path, sinceZxid);
    boolean mayHear =
        view.find(path)
            .map(znode -> watcher.identities().may(Permission.READ, znode.acl()))
            .orElse(true);
    return new Due(event != null, mayHear ? event : null);
  }

  /**
   * What a watch comes to.
   *
   * @param isDue whether it was due, and so is gone if it sends one event
   * @param event what its watcher is told, or null for nothing
   */
  record Due(boolean isDue, @Nullable WatchEvent event) {}

  private static @Nullable WatchEvent laterOrDeleted(
      StateView view,
      ZnodePath path,
      WatchEvent.Type type,
      ToLongFunction<Znode> zxidOf,
      long sinceZxid) {
    Znode znode = view.find(path).orElse(null);
    return znode == null
        ? deleted(view, path)
        : later(type, path, zxidOf.applyAsLong(znode), sinceZxid);
  }

  private static WatchEvent deleted(StateView view, ZnodePath path) {
    ZnodePath ancestor = path.parent();
    while (!view.contains(ancestor)) {
      ancestor = ancestor.parent();
    }
    return new WatchEvent(WatchEvent.Type.NODE_DELETED, path, view.require(ancestor).pzxid());
  }

  private static @Nullable WatchEvent later(
      WatchEvent.Type type, ZnodePath path, long zxid, long sinceZxid) {
    return zxid > sinceZxid ? new WatchEvent(type, path, zxid) : null;
  }
}
