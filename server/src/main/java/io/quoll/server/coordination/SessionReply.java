package io.quoll.server.coordination;

import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.state.Identities;

/** What a request of a session came to. */
public sealed interface SessionReply {
  /**
   * A write was applied, or rejected in apply, now or when it was sent first.
   *
   * @param result what became of it; that of the first time may be of another kind of write
   * @param recursive whether a delete was asked for with all below it
   */
  record Wrote(Result result, boolean recursive) implements SessionReply {}

  /** A read was answered; some answers are rejections. */
  record Read(Answer answer) implements SessionReply {}

  /** All that was acknowledged is applied here. */
  record Synced() implements SessionReply {}

  /** The watch is set. */
  record WatchAdded() implements SessionReply {}

  /** The watches are gone. */
  record WatchesRemoved() implements SessionReply {}

  /** There is such a watch. */
  record WatchesFound() implements SessionReply {}

  /**
   * The watches are set again, and what they missed was told.
   *
   * @param trimmedThroughZxid 0, or up to where some may have missed events
   */
  record WatchesSet(long trimmedThroughZxid) implements SessionReply {}

  /** The client is who it proved to be. */
  record AuthAdded() implements SessionReply {}

  /** Who the client has proved to be. */
  record Identified(Identities identities) implements SessionReply {}

  /** The session is closed; nothing follows. */
  record Closed() implements SessionReply {}

  /**
   * The request, which is no write, was not done.
   *
   * @param failure a {@link io.quoll.statemachine.state.Rejection} or an {@link
   *     UnavailableException}; anything else is a defect
   */
  record Failed(Throwable failure) implements SessionReply {}
}
