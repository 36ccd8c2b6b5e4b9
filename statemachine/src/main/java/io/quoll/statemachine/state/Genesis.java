package io.quoll.statemachine.state;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;

/**
 * The tree before its first transaction: the root and the reserved subtree {@code /zookeeper},
 * which cannot be deleted. Its znodes are counted as children but not as creates, so that a fresh
 * root shows cversion -1, as ZooKeeper's does.
 */
public final class Genesis {
  /** The reserved subtree that tools and people expect. */
  public static final ZnodePath RESERVED = ZnodePath.of("/zookeeper");

  /** Where the ensemble's configuration is published. */
  public static final ZnodePath CONFIG = ZnodePath.of("/zookeeper/config");

  /** Where quotas are kept. */
  public static final ZnodePath QUOTA = ZnodePath.of("/zookeeper/quota");

  private Genesis() {}

  /** The rows of the fresh tree, in the order of their paths. */
  public static ImmutableList<Row> rows() {
    return ImmutableList.of(
        row(ZnodePath.ROOT, 1, Acl.OPEN),
        row(RESERVED, 2, Acl.OPEN),
        row(CONFIG, 0, Acl.READABLE),
        row(QUOTA, 0, Acl.OPEN));
  }

  /** Whether the znode at {@code path} can never be deleted. */
  public static boolean isProtected(ZnodePath path) {
    return path.isRoot() || path.equals(RESERVED) || path.equals(CONFIG) || path.equals(QUOTA);
  }

  private static Row row(ZnodePath path, int numChildren, Acl acl) {
    Znode childless = Znode.createdAt(0, 0, ByteString.EMPTY, acl);
    Znode znode = childless.withChildren(0, 0, numChildren);
    return new Row(path, null, znode, true, ByteString.EMPTY);
  }
}
