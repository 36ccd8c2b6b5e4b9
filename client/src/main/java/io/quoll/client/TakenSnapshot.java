package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * A snapshot that a server keeps for itself and for members that fall behind.
 *
 * @param serverId the server
 * @param term the Raft term of the last entry of the log that it includes
 * @param index the index of that entry
 */
@Immutable
public record TakenSnapshot(int serverId, long term, long index) {}
