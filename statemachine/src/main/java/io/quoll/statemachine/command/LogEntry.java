package io.quoll.statemachine.command;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * What one entry of the Raft log holds: the batches that the leader found waiting. (ADR 0003.)
 *
 * @param term the Raft term of the entry, which stands beside its bytes in the log
 * @param timeMillis the leader's clock when it proposed the entry, in milliseconds since 1970
 * @param batches none in an entry that only brings news of what is committed
 */
@Immutable
public record LogEntry(long term, long timeMillis, ImmutableList<Batch> batches) {}
