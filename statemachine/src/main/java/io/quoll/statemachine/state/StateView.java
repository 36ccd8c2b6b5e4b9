package io.quoll.statemachine.state;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state as it stands at one zxid. Reads never change it; they may read from disk.
 *
 * <p>Thread-safety is that of the implementation: a store's view may be read by many threads, a
 * transaction belongs to the apply thread.
 */
public interface StateView {
  /** The last zxid that this view includes; 0 for the fresh tree. */
  long zxid();

  /** The time of the last transaction, in milliseconds since 1970; never goes back. */
  long timeMillis();

  /** The znode at {@code path}, or empty where there is none. */
  Optional<Znode> find(ZnodePath path);

  /** The data of the znode at {@code path}; null where there is no data or no znode. */
  @Nullable ByteString data(ZnodePath path);

  /**
   * The names of the children of {@code parent} that come after {@code after} in the order of their
   * characters, at most {@code limit} of them; from the first if {@code after} is empty.
   */
  ImmutableList<String> children(ZnodePath parent, String after, int limit);

  /**
   * The paths below {@code ancestor} that come after {@code after} in the order of {@link
   * ZnodePath}, that is by depth first, at most {@code limit} of them; from the first if {@code
   * after} is {@code ancestor} itself.
   */
  ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit);

  /** What is known of the server {@code serverId}, or empty if it never took part. */
  Optional<ServerRecord> server(int serverId);

  /** The session {@code sessionId}, or empty where it was never opened or is gone. */
  Optional<Session> session(long sessionId);

  /** All sessions, in the order of their ids. */
  ImmutableList<Session> sessions();

  /** The reply to the write {@code cxid} of a session, or empty where none is kept. */
  Optional<ByteString> reply(long sessionId, long cxid);

  /** The paths of the ephemeral znodes of a session, in the order of {@link ZnodePath}. */
  ImmutableList<ZnodePath> ephemerals(long sessionId);

  /** Whether any subtree has a quota. */
  default boolean hasQuotas() {
    return find(Genesis.QUOTA).filter(znode -> znode.numChildren() > 0).isPresent();
  }

  /** The znode at {@code path}; rejects the request with {@code NO_NODE} where there is none. */
  default Znode require(ZnodePath path) {
    return find(path)
        .orElseThrow(() -> new Rejection(ErrorCode.NO_NODE, path, "there is no znode at " + path));
  }

  /** Whether there is a znode at {@code path}. */
  default boolean contains(ZnodePath path) {
    return find(path).isPresent();
  }
}
