package io.quoll.server.grpc;

import io.quoll.api.v1.EventType;
import io.quoll.api.v1.WatchRequest;
import io.quoll.server.coordination.FeedReader.WatchedZnode;
import io.quoll.server.coordination.FeedRequest;
import io.quoll.server.coordination.WatchEvent;
import io.quoll.server.coordination.WatchMode;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.OptionalLong;

/** Makes feeds of requests, and messages of events. */
final class WatchMapping {
  /** The shortest silence that ends with a bookmark. */
  static final int BOOKMARK_INTERVAL_MILLIS_MIN = 100;

  private static final int BOOKMARK_INTERVAL_MILLIS_DEFAULT = 10_000;

  private WatchMapping() {}

  /**
   * The feed that {@code caller} asks for by {@code request}; rejects with {@code BAD_ARGUMENTS}.
   */
  static FeedRequest feed(WatchRequest request, Identities caller) {
    ZnodePath path = ZnodePath.of(request.getPath());
    if (request.hasStartZxid() && request.getInitialState()) {
      throw badArguments(path, "start_zxid and initial_state exclude each other");
    }
    if (request.getWithData() && !request.getInitialState()) {
      throw badArguments(path, "with_data is of the initial state, which was not asked for");
    }
    return new FeedRequest(
        caller,
        path,
        mode(path, request),
        startZxid(request),
        request.getInitialState(),
        request.getWithData(),
        Duration.ofMillis(bookmarkIntervalMillis(path, request)));
  }

  private static WatchMode mode(ZnodePath path, WatchRequest request) {
    return switch (request.getMode()) {
      case WATCH_MODE_UNSPECIFIED, WATCH_MODE_PERSISTENT -> WatchMode.PERSISTENT;
      case WATCH_MODE_PERSISTENT_RECURSIVE -> WatchMode.RECURSIVE;
      case UNRECOGNIZED ->
          throw badArguments(path, "mode " + request.getModeValue() + " is unknown");
    };
  }

  // The field is unsigned: what does not fit into a long lies beyond every zxid.
  private static OptionalLong startZxid(WatchRequest request) {
    if (!request.hasStartZxid()) {
      return OptionalLong.empty();
    }
    long zxid = request.getStartZxid();
    return OptionalLong.of(zxid < 0 ? Long.MAX_VALUE : zxid);
  }

  private static long bookmarkIntervalMillis(ZnodePath path, WatchRequest request) {
    long millis = Integer.toUnsignedLong(request.getBookmarkIntervalMillis());
    if (millis == 0) {
      return BOOKMARK_INTERVAL_MILLIS_DEFAULT;
    }
    if (millis < BOOKMARK_INTERVAL_MILLIS_MIN) {
      throw badArguments(
          path, "bookmark_interval_millis is 0 or at least " + BOOKMARK_INTERVAL_MILLIS_MIN);
    }
    return millis;
  }

  private static Rejection badArguments(ZnodePath path, String detail) {
    return new Rejection(ErrorCode.BAD_ARGUMENTS, path, detail);
  }

  static io.quoll.api.v1.WatchEvent event(WatchEvent event) {
    return io.quoll.api.v1.WatchEvent.newBuilder()
        .setType(type(event.type()))
        .setPath(event.path().value())
        .setZxid(event.zxid())
        .build();
  }

  private static EventType type(WatchEvent.Type type) {
    return switch (type) {
      case NODE_CREATED -> EventType.EVENT_TYPE_NODE_CREATED;
      case NODE_DELETED -> EventType.EVENT_TYPE_NODE_DELETED;
      case NODE_DATA_CHANGED -> EventType.EVENT_TYPE_NODE_DATA_CHANGED;
      case NODE_CHILDREN_CHANGED -> EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED;
    };
  }

  static io.quoll.api.v1.WatchedZnode znode(WatchedZnode znode) {
    io.quoll.api.v1.WatchedZnode.Builder builder =
        io.quoll.api.v1.WatchedZnode.newBuilder()
            .setPath(znode.path().value())
            .setStat(ReplyMapping.stat(znode.stat()));
    if (znode.data() != null) {
      builder.setData(znode.data());
    }
    return builder.build();
  }
}
