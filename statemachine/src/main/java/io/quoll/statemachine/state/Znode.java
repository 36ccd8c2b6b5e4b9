package io.quoll.statemachine.state;

import com.google.common.hash.Hashing;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A znode without its data, which is kept apart so that listing children does not read it.
 *
 * @param czxid the zxid that created it
 * @param mzxid the zxid that last changed its data
 * @param pzxid the zxid that last created or deleted a child
 * @param ctime when it was created, in milliseconds since 1970
 * @param mtime when its data last changed, in milliseconds since 1970
 * @param version how often its data changed; never -1, which means "any" in a request
 * @param aversion how often its ACL changed
 * @param kind how long it lasts when nobody deletes it
 * @param childrenCreated how many children were ever created below it; numbers sequential znodes
 * @param numChildren how many children it has now
 * @param dataLength the bytes of its data, or -1 where the data is null
 * @param dataFingerprint a hash of its data, so that a digest of the tree covers the data
 * @param acl who may do what to it
 */
@Immutable
public record Znode(
    long czxid,
    long mzxid,
    long pzxid,
    long ctime,
    long mtime,
    int version,
    int aversion,
    ZnodeKind kind,
    long childrenCreated,
    int numChildren,
    int dataLength,
    long dataFingerprint,
    Acl acl) {
  /** The most bytes of data that a znode may have. */
  public static final int DATA_BYTES_MAX = 1024 * 1024;

  /** A persistent znode as it is right after its creation at {@code zxid}. */
  public static Znode createdAt(long zxid, long timeMillis, @Nullable ByteString data, Acl acl) {
    return createdAt(zxid, timeMillis, ZnodeKind.PERSISTENT, data, acl);
  }

  /** A znode as it is right after its creation at {@code zxid}. */
  public static Znode createdAt(
      long zxid, long timeMillis, ZnodeKind kind, @Nullable ByteString data, Acl acl) {
    return new Znode(
        zxid,
        zxid,
        zxid,
        timeMillis,
        timeMillis,
        0,
        0,
        kind,
        0,
        0,
        lengthOf(data),
        fingerprintOf(data),
        acl);
  }

  /** This znode with other data, set at {@code zxid}. */
  public Znode withData(long zxid, long timeMillis, @Nullable ByteString data) {
    return new Znode(
        czxid,
        zxid,
        pzxid,
        ctime,
        timeMillis,
        nextVersion(version),
        aversion,
        kind,
        childrenCreated,
        numChildren,
        lengthOf(data),
        fingerprintOf(data),
        acl);
  }

  /** This znode with other data, of which neither its version nor its times tell. */
  Znode withUnnoticedData(ByteString data) {
    return new Znode(
        czxid,
        mzxid,
        pzxid,
        ctime,
        mtime,
        version,
        aversion,
        kind,
        childrenCreated,
        numChildren,
        lengthOf(data),
        fingerprintOf(data),
        acl);
  }

  /** The bytes of its data, 0 where the data is null. */
  public int dataBytes() {
    return Math.max(0, dataLength);
  }

  /** This znode with another ACL. Nothing else changes: no zxid, and no time. */
  public Znode withAcl(Acl other) {
    return new Znode(
        czxid,
        mzxid,
        pzxid,
        ctime,
        mtime,
        version,
        nextVersion(aversion),
        kind,
        childrenCreated,
        numChildren,
        dataLength,
        dataFingerprint,
        other);
  }

  /** This znode with one child more, created at {@code zxid}. */
  public Znode withNewChild(long zxid) {
    return withChildren(zxid, childrenCreated + 1, numChildren + 1);
  }

  /** This znode with one child less, deleted at {@code zxid}. */
  public Znode withoutChild(long zxid) {
    return withChildren(zxid, childrenCreated, numChildren - 1);
  }

  Znode withChildren(long zxid, long created, int present) {
    return new Znode(
        czxid,
        mzxid,
        zxid,
        ctime,
        mtime,
        version,
        aversion,
        kind,
        created,
        present,
        dataLength,
        dataFingerprint,
        acl);
  }

  /**
   * Rejects the request with {@code BAD_VERSION} unless it expects any version (-1) or this one.
   */
  public void requireVersion(int expected, ZnodePath path) {
    requireVersion(expected, "version", version, path);
  }

  /** As {@link #requireVersion(int, ZnodePath)}, of the version of the ACL. */
  public void requireAversion(int expected, ZnodePath path) {
    requireVersion(expected, "ACL version", aversion, path);
  }

  private static void requireVersion(int expected, String what, int present, ZnodePath path) {
    if (expected != -1 && expected != present) {
      throw new Rejection(
          ErrorCode.BAD_VERSION,
          path,
          path + " has " + what + " " + present + ", and the request expects " + expected);
    }
  }

  /** Whether this znode belongs to a session and ends with it. */
  public boolean isEphemeral() {
    return kind instanceof ZnodeKind.Ephemeral;
  }

  /** The session that this znode belongs to, or 0. */
  public long ephemeralOwner() {
    return kind instanceof ZnodeKind.Ephemeral ephemeral ? ephemeral.sessionId() : 0;
  }

  /** Whether this znode may come to be {@linkplain #isUnused unused}. */
  public boolean isPerishable() {
    return kind instanceof ZnodeKind.Container || kind instanceof ZnodeKind.TimeToLive;
  }

  /**
   * Whether this znode has outlived its purpose at {@code timeMillis}: a container that lost its
   * last child, or a childless znode whose time to live has passed since its data was set. Deleting
   * a child does not start that time anew. (ZooKeeper: ContainerManager.)
   */
  public boolean isUnused(long timeMillis) {
    if (numChildren > 0) {
      return false;
    }
    if (kind instanceof ZnodeKind.Container) {
      return childrenCreated > 0; // A new one is given the time to get its first child.
    }
    return kind instanceof ZnodeKind.TimeToLive ttl && timeMillis - mtime > ttl.millis();
  }

  /** What a client sees of this znode. */
  public Stat stat() {
    return new Stat(
        czxid,
        mzxid,
        ctime,
        mtime,
        version,
        visibleCversion(),
        aversion,
        ephemeralOwner(),
        dataBytes(),
        numChildren,
        pzxid);
  }

  // ZooKeeper stores the number of creates only, and derives from it the number of creates and
  // deletes that clients see: 2 x created - present. (DataNode.copyStat.)
  private int visibleCversion() {
    return (int) (2 * childrenCreated - numChildren);
  }

  // -1 in a request means "any version", so no znode may ever have it. (ZOOKEEPER-4743.)
  private static int nextVersion(int version) {
    return version == -2 ? 0 : version + 1;
  }

  private static int lengthOf(@Nullable ByteString data) {
    return data == null ? -1 : data.size();
  }

  private static long fingerprintOf(@Nullable ByteString data) {
    return data == null
        ? 0
        : Hashing.farmHashFingerprint64().hashBytes(data.asReadOnlyByteBuffer()).asLong();
  }
}
