package io.quoll.statemachine.command;

import static com.google.common.base.Preconditions.checkElementIndex;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.ZnodePath;

/** What a command came to. */
@Immutable
public sealed interface Result {
  /** The znode was created at {@code path}, with its sequence number appended if one was asked. */
  record Created(ZnodePath path, Stat stat) implements Result {}

  /** The data was set, and the znode's stat is now {@code stat}. */
  record DataSet(Stat stat) implements Result {}

  /** The ACL was set, and the znode's stat is now {@code stat}. */
  record AclSet(Stat stat) implements Result {}

  /** {@code count} znodes were deleted. */
  record Deleted(int count) implements Result {}

  /** The command did what it does, and there is nothing to tell. */
  record Done() implements Result {}

  /**
   * A quota stands.
   *
   * @param whole whether all that its subtree holds is counted
   */
  record QuotaCounted(boolean whole) implements Result {}

  /**
   * A session was opened.
   *
   * @param sessionId its id, the zxid of the opening
   * @param epoch its epoch, to be given with all that belongs to this attachment
   * @param timeoutMillis how long it may be silent
   */
  record SessionOpened(long sessionId, long epoch, long timeoutMillis) implements Result {}

  /**
   * A session was attached anew, and whoever held it before holds it no more.
   *
   * @param sessionId its id
   * @param epoch its epoch from now on
   * @param timeoutMillis how long it may be silent from now on
   * @param lastCxid the number of its last write that was applied
   */
  record SessionAttached(long sessionId, long epoch, long timeoutMillis, long lastCxid)
      implements Result {}

  /** A session was closed, and its {@code ephemerals} ephemeral znodes deleted. */
  record SessionClosed(long sessionId, int ephemerals) implements Result {}

  /**
   * The write was applied before, and nothing was changed now: its {@link RecordedReply} then was
   * {@code reply}, in the form in which it was recorded.
   */
  record Recorded(ByteString reply) implements Result {}

  /** The results of the parts of a multi, in their order. */
  record All(ImmutableList<Result> parts) implements Result {}

  /** Nothing was changed, for the reason {@code code}. */
  @Immutable
  record Rejected(ErrorCode code, String path, String detail) implements Result {}

  /**
   * Nothing was changed, because the part at {@code index} of the multi's {@code size} was
   * rejected. To a client the parts before it read {@code OK}, those after it {@code
   * RUNTIME_INCONSISTENCY}.
   */
  record MultiRejected(int index, int size, Rejected cause) implements Result {
    /** What a client sees of the part at {@code part}, counted from 0. */
    public ErrorCode codeOf(int part) {
      checkElementIndex(part, size);
      if (part == index) {
        return cause.code();
      }
      return part < index ? ErrorCode.OK : ErrorCode.RUNTIME_INCONSISTENCY;
    }
  }
}
