package io.quoll.client;

import com.google.common.collect.ImmutableList;

/**
 * What a multi-read of a session found.
 *
 * @param zxid the last zxid of the state that all of it was read from
 * @param results one for each read, in their order
 */
public record MultiReadOutcome(long zxid, ImmutableList<ReadResult> results) {}
