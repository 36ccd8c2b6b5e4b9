package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/**
 * A change, and when it happened.
 *
 * @param zxid the zxid of the transaction that it is a part of
 * @param timeMillis the time of that transaction, in milliseconds since 1970
 * @param change what happened
 */
@Immutable
public record Event(long zxid, long timeMillis, Change change) {}
