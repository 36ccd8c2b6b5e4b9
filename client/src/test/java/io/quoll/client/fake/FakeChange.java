package io.quoll.client.fake;

import io.quoll.api.v1.EventType;
import io.quoll.api.v1.WatchEvent;

/** What a transaction did to a znode. */
record FakeChange(long zxid, EventType type, String path) {
  /** The event for watches on the znode. */
  WatchEvent event() {
    return WatchEvent.newBuilder().setType(type).setPath(path).setZxid(zxid).build();
  }

  /** Whether the parent has another list of children. */
  boolean changesChildren() {
    return type != EventType.EVENT_TYPE_NODE_DATA_CHANGED && !path.equals("/");
  }

  /** The event for watches on the parent. */
  WatchEvent parentEvent() {
    return WatchEvent.newBuilder()
        .setType(EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED)
        .setPath(FakeTree.parent(path))
        .setZxid(zxid)
        .build();
  }

  boolean isBelowOrAt(String ancestor) {
    return path.equals(ancestor) || path.startsWith(FakeTree.child(ancestor, ""));
  }
}
