package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.function.Function;

/** The promises, each with what checks it. */
enum Check {
  /** Writes and strict reads take effect at one moment between their begin and their end. */
  LINEARIZABLE(Linear::violations),
  /** What a session reads and writes is of one state after another, never of an older one. */
  SEQUENTIAL(Sessions::staleReads),
  /** The writes of a session take effect, and its calls are answered, in their order. */
  FIFO(Sessions::disorder),
  /** What was acknowledged happened once; nothing happened that nobody wrote. */
  EXACTLY_ONCE(Writes::violations),
  /** Each sequential name is given once, and later ones are higher. */
  NAMES(Names::violations),
  /** No answer shows a change before its event was told. */
  EVENT_BEFORE_DATA(Sessions::dataBeforeEvents),
  /** Events come in the order of their zxids. */
  ORDERED(Events::disorder),
  /** No event is told twice. */
  UNIQUE(Events::repeats),
  /** What happened at one zxid is told at once. */
  ATOMIC(Events::splits),
  /** All that happened is told, and nothing else. */
  RELIABLE(Events::losses),
  /** A watch from a zxid on begins with the first that happened after it. */
  RESUMABLE(Events::wrongBeginnings),
  /** After a bookmark nothing comes of before it. */
  BOOKMARKABLE(Events::eventsBehindBookmarks);

  @SuppressWarnings("ImmutableEnumChecker") // A method without any state.
  private final Function<History, ImmutableList<String>> violations;

  Check(Function<History, ImmutableList<String>> violations) {
    this.violations = violations;
  }

  /** Where the history breaks the promise, in words; empty if nowhere. */
  ImmutableList<String> violations(History history) {
    return violations.apply(history);
  }
}
