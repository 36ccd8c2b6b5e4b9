package io.quoll.client;

/**
 * Where a member of the ensemble stands. Of a member that is not reachable only the id and the
 * addresses are known.
 *
 * @param clientAddress where it takes clients, as {@code host:port}; empty if it never told
 * @param peerAddress where it talks to the other servers
 * @param appliedIndex the last entry of the Raft log that it applied
 * @param commitIndex the last entry that it knows to be committed
 * @param treeDigest a digest of its tree at {@code zxid}
 * @param leaderId the leader that it knows of, or 0
 */
public record MemberStatus(
    int id,
    String clientAddress,
    String peerAddress,
    boolean reachable,
    Role role,
    long term,
    long zxid,
    long appliedIndex,
    long commitIndex,
    long treeDigest,
    int leaderId,
    String version) {}
