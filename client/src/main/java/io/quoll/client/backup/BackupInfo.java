package io.quoll.client.backup;

import com.google.errorprone.annotations.Immutable;
import java.time.Instant;

/**
 * What a backup is of.
 *
 * @param formatVersion the version of its form
 * @param clusterId the ensemble
 * @param serverId the server that it was taken from
 * @param serverVersion the version of that server's software
 * @param term the Raft term of the last entry of the log that it includes
 * @param index the index of that entry
 * @param zxid the last zxid that it includes
 * @param created when it was made, by the server's clock
 * @param treeDigest the digest of the tree at that zxid
 * @param znodes how many znodes it has; -1 where only its beginning was read
 * @param ephemerals how many of them are ephemeral, or -1
 * @param dataBytes how many bytes of data they have, or -1
 */
@Immutable
public record BackupInfo(
    int formatVersion,
    String clusterId,
    int serverId,
    String serverVersion,
    long term,
    long index,
    long zxid,
    Instant created,
    long treeDigest,
    long znodes,
    long ephemerals,
    long dataBytes) {}
