package io.quoll.client;

/**
 * What is known of a znode beside its data: ZooKeeper's Stat, field by field.
 *
 * @param czxid the zxid that created the znode
 * @param mzxid the zxid that last changed its data
 * @param ctimeMillis when it was created, since 1970
 * @param mtimeMillis when its data last changed, since 1970
 * @param version how often its data changed
 * @param cversion how often its list of children changed
 * @param aversion how often its ACL changed
 * @param ephemeralOwner the session that owns it, or 0
 * @param dataLength the bytes of its data
 * @param numChildren how many children it has
 * @param pzxid the zxid that last created or deleted a child
 */
public record Stat(
    long czxid,
    long mzxid,
    long ctimeMillis,
    long mtimeMillis,
    int version,
    int cversion,
    int aversion,
    long ephemeralOwner,
    int dataLength,
    int numChildren,
    long pzxid) {}
