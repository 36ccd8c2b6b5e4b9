package io.quoll.client;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Arrays;

/** What an ACL may allow, each for one znode and not for those below it. */
public enum Permission {
  /** To create children. */
  CREATE(4),
  /** To delete children; it is the parent's ACL that counts. */
  DELETE(8),
  /** To read the data, the stat and the names of the children, and to hear of changes. */
  READ(1),
  /** To replace the data. */
  WRITE(2),
  /** To replace the ACL. */
  ADMIN(16);

  /** All of them. */
  public static final ImmutableSet<Permission> ALL = Sets.immutableEnumSet(Arrays.asList(values()));

  private final int bit;

  Permission(int bit) {
    this.bit = bit;
  }

  static int bits(ImmutableSet<Permission> permissions) {
    return permissions.stream().mapToInt(permission -> permission.bit).sum();
  }

  static ImmutableSet<Permission> ofBits(int bits) {
    return Arrays.stream(values())
        .filter(permission -> (bits & permission.bit) != 0)
        .collect(Sets.toImmutableEnumSet());
  }
}
