package io.quoll.server.coordination;

import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/** What the client of a session asks for, one thing at a time, by its stream. */
public sealed interface SessionRequest {
  /** The client's number for the request, which comes back with the reply. */
  long xid();

  /** What the request weighs in the line beside itself, about, in bytes. */
  default long bytes() {
    return 0;
  }

  /**
   * A write.
   *
   * @param cxid the session's number of it; never 0
   * @param command what to do; one that was refused at the door is a {@link
   *     io.quoll.statemachine.command.Refuse}, for it takes its number all the same
   */
  record Write(long xid, long cxid, Command command) implements SessionRequest {
    @Override
    public long bytes() {
      return RequestLimits.bytesOf(command);
    }
  }

  /**
   * A read.
   *
   * @param watch the kind of watch that it leaves, or null for none
   */
  record Read(long xid, Query query, ReadOptions options, @Nullable WatchMode watch)
      implements SessionRequest {
    @Override
    public long bytes() {
      return RequestLimits.bytesOf(query);
    }
  }

  /** Waits until this replica has applied all that was acknowledged anywhere. */
  record Sync(long xid) implements SessionRequest {}

  /** Sets a watch that stays: {@code PERSISTENT} or {@code RECURSIVE}. */
  record AddWatch(long xid, ZnodePath path, WatchMode mode) implements SessionRequest {
    @Override
    public long bytes() {
      return RequestLimits.bytesOf(path);
    }
  }

  /** Removes the watches of some modes from a path. */
  record RemoveWatches(long xid, ZnodePath path, ImmutableSet<WatchMode> modes)
      implements SessionRequest {
    @Override
    public long bytes() {
      return RequestLimits.bytesOf(path);
    }
  }

  /** Asks whether there is a watch of one of some modes on a path. */
  record CheckWatches(long xid, ZnodePath path, ImmutableSet<WatchMode> modes)
      implements SessionRequest {
    @Override
    public long bytes() {
      return RequestLimits.bytesOf(path);
    }
  }

  /** Sets watches again that the session had elsewhere. */
  record SetWatches(long xid, Watches.Rearmed rearmed) implements SessionRequest {
    @Override
    public long bytes() {
      return rearmed.paths().mapToLong(RequestLimits::bytesOf).sum();
    }
  }

  /** Proves to be somebody. What is shown is not told by {@link #toString}. */
  record AddAuth(long xid, String scheme, ByteString credentials) implements SessionRequest {
    @Override
    public long bytes() {
      return credentials.size();
    }

    @Override
    public String toString() {
      return "AddAuth[xid=" + xid + ", scheme=" + scheme + "]";
    }
  }

  /** Asks who the client has proved to be. */
  record WhoAmI(long xid) implements SessionRequest {}

  /** Ends the session. */
  record Close(long xid) implements SessionRequest {}

  /** A request that is no write and was refused at the door; it is told so in its turn. */
  record Refused(long xid, Rejection refusal) implements SessionRequest {
    @Override
    public long bytes() {
      return 0L + refusal.path().length() + refusal.detail().length();
    }
  }
}
