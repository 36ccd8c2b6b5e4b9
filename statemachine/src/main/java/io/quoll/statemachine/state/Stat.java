package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/**
 * What a client sees of a znode beside its data: ZooKeeper's {@code Stat}.
 *
 * @param czxid the zxid that created the znode
 * @param mzxid the zxid that last changed its data
 * @param ctime when it was created, in milliseconds since 1970
 * @param mtime when its data last changed, in milliseconds since 1970
 * @param version how often its data changed
 * @param cversion how often its list of children changed, as 32 bits
 * @param aversion how often its ACL changed
 * @param ephemeralOwner the session that owns it, or 0
 * @param dataLength the bytes of its data; 0 for null data
 * @param numChildren how many children it has
 * @param pzxid the zxid that last changed its list of children
 */
@Immutable
public record Stat(
    long czxid,
    long mzxid,
    long ctime,
    long mtime,
    int version,
    int cversion,
    int aversion,
    long ephemeralOwner,
    int dataLength,
    int numChildren,
    long pzxid) {}
