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
 * @param ephemeralOwner the session that owns it, or 0
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
    long ephemeralOwner,
    long childrenCreated,
    int numChildren,
    int dataLength,
    long dataFingerprint,
    Acl acl) {
  /** The most bytes of data that a znode may have. */
  public static final int DATA_BYTES_MAX = 1024 * 1024;

  /** A znode as it is right after its creation at {@code zxid}. */
  public static Znode createdAt(long zxid, long timeMillis, @Nullable ByteString data, Acl acl) {
    return new Znode(
        zxid,
        zxid,
        zxid,
        timeMillis,
        timeMillis,
        0,
        0,
        0,
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
        ephemeralOwner,
        childrenCreated,
        numChildren,
        lengthOf(data),
        fingerprintOf(data),
        acl);
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
        ephemeralOwner,
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
    if (expected != -1 && expected != version) {
      throw new Rejection(
          ErrorCode.BAD_VERSION,
          path,
          path + " has version " + version + ", and the request expects " + expected);
    }
  }

  /** Whether this znode belongs to a session and ends with it. */
  public boolean isEphemeral() {
    return ephemeralOwner != 0;
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
        ephemeralOwner,
        Math.max(0, dataLength),
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
