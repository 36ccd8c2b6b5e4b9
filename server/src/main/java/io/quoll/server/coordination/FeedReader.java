package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/** Whom a feed tells. Called by one thread at a time; sends on and waits for nothing. */
public interface FeedReader {
  /** A znode of the initial state; {@code data} is null unless it was asked for. */
  @Immutable
  record WatchedZnode(ZnodePath path, Stat stat, @Nullable ByteString data) {}

  /** Whether it takes more at once; it wakes the feed when it does so again. */
  boolean isReady();

  /** The feed tells what happens after {@code zxid}. Comes first. */
  void onStarted(long zxid);

  /** A part of the state at {@code zxid}, and whether it is the last. */
  void onState(long zxid, ImmutableList<WatchedZnode> znodes, boolean last);

  /** Events of one zxid, and whether they are the last of it. */
  void onEvents(long zxid, long timeMillis, ImmutableList<WatchEvent> events, boolean last);

  /** All up to {@code zxid} was told. */
  void onBookmark(long zxid);

  /** What happened up to {@code throughZxid} is not known any more. Comes last. */
  void onTrimmed(long throughZxid);

  /** The feed ends with a failure. Comes last. */
  void onFailure(Throwable failure);
}
