package io.quoll.statemachine.command;

import com.google.errorprone.annotations.Immutable;

/**
 * What is recorded of a numbered write, so that it can be answered again.
 *
 * @param zxid the zxid of its changes; if it has none, the last zxid before it
 * @param result what it came to, a rejection too
 */
@Immutable
public record RecordedReply(long zxid, Result result) {}
