package io.quoll.cli.reply;

import com.google.common.collect.ImmutableMap;
import io.quoll.client.EventType;
import io.quoll.client.SessionState;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchKind;
import java.util.Map;

/** What watches see in the words of ZooKeeper's shell, and as JSON. */
public final class EventText {
  private EventText() {}

  static String of(WatchEvent event) {
    return watched("SyncConnected", name(event.type()), event.path(), event.zxid());
  }

  static String of(SessionState state) {
    return watched(name(state), "None", "null", -1);
  }

  static String ofRemoved(String path, WatchKind kind, SessionState state) {
    String type =
        switch (kind) {
          case CHILDREN -> "ChildWatchRemoved";
          case DATA -> "DataWatchRemoved";
          case PERSISTENT, PERSISTENT_RECURSIVE -> "PersistentWatchRemoved";
          case ANY -> throw new IllegalArgumentException("a watch is of one kind");
        };
    return watched(name(state), type, path, -1);
  }

  private static String name(SessionState state) {
    return switch (state) {
      case CONNECTED -> "SyncConnected";
      case CONNECTING, DISCONNECTED -> "Disconnected";
      case EXPIRED -> "Expired";
      case AUTH_FAILED -> "AuthFailed";
      case CLOSED -> "Closed";
    };
  }

  private static String watched(String state, String type, String path, long zxid) {
    return "\nWATCHER::\n\nWatchedEvent state:%s type:%s path:%s zxid: %d"
        .formatted(state, type, path, zxid);
  }

  static Map<String, Object> json(WatchEvent event) {
    return ImmutableMap.of("type", event.type().name(), "path", event.path(), "zxid", event.zxid());
  }

  static Map<String, Object> jsonOfRemoved(String path, WatchKind kind) {
    return ImmutableMap.of("type", "WATCH_REMOVED", "path", path, "watch", kind.name());
  }

  /** What ZooKeeper calls it. */
  public static String name(EventType type) {
    return switch (type) {
      case NODE_CREATED -> "NodeCreated";
      case NODE_DELETED -> "NodeDeleted";
      case NODE_DATA_CHANGED -> "NodeDataChanged";
      case NODE_CHILDREN_CHANGED -> "NodeChildrenChanged";
    };
  }
}
