package io.quoll.server.coordination;

import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetChildren;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Optional;

/**
 * The watch that an answered read leaves. A read of data or children leaves none where there is no
 * znode; exists leaves one there too, which waits for the znode to be created. (ZooKeeper:
 * ExistsWatchRegistration and its siblings.)
 *
 * @param path what is watched
 * @param mode how
 */
record WatchedRead(ZnodePath path, WatchMode mode) {
  /** The watch that {@code read} leaves once it was answered by {@code reply}, if any. */
  static Optional<WatchedRead> of(SessionRequest.Read read, SessionItem.Reply reply) {
    WatchMode mode = read.watch();
    if (mode == null
        || !(reply.reply() instanceof SessionReply.Read found)
        || found.answer() instanceof Answer.Rejected) {
      return Optional.empty();
    }
    return Optional.of(new WatchedRead(path(read.query()), mode));
  }

  private static ZnodePath path(Query query) {
    if (query instanceof GetData data) {
      return data.path();
    }
    if (query instanceof Exists exists) {
      return exists.path();
    }
    if (query instanceof GetChildren children) {
      return children.path();
    }
    throw new IllegalArgumentException("no watch is left by " + query.getClass());
  }
}
