package io.quoll.statemachine.state;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/** Who may do what to a znode: the union of its entries. */
@Immutable
public record Acl(ImmutableList<Entry> entries) {
  /** Everyone may do everything: ZooKeeper's {@code OPEN_ACL_UNSAFE}. */
  public static final Acl OPEN = new Acl(ImmutableList.of(new Entry(31, "world", "anyone")));

  /** Everyone may read: ZooKeeper's {@code READ_ACL_UNSAFE}. */
  public static final Acl READABLE = new Acl(ImmutableList.of(new Entry(1, "world", "anyone")));

  /**
   * What one identity may do.
   *
   * @param permissions the sum of READ 1, WRITE 2, CREATE 4, DELETE 8 and ADMIN 16
   * @param scheme how the identity is proved, such as {@code world} or {@code digest}
   * @param id the identity, in the form of its scheme
   */
  @Immutable
  public record Entry(int permissions, String scheme, String id) {}
}
