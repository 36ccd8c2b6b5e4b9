package io.quoll.statemachine.state;

import java.util.Locale;

/** What an ACL can allow, each for one znode and not for those below it. */
public enum Permission {
  /** To read the data and the stat, to list the children, and to hear of changes. */
  READ(1),
  /** To replace the data. */
  WRITE(2),
  /** To create children. */
  CREATE(4),
  /** To delete children; it is the parent's ACL that counts. */
  DELETE(8),
  /** To replace the ACL. */
  ADMIN(16);

  /** All of them. */
  public static final int ALL = 31;

  private final int bit;

  Permission(int bit) {
    this.bit = bit;
  }

  /** The bit that stands for it in an ACL: ZooKeeper's. */
  public int bit() {
    return bit;
  }

  /** What it is called in messages. */
  String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }
}
