package io.quoll.integration.oracle;

/**
 * Where Quoll differs from ZooKeeper and shall. Each is left out of the comparison at the place
 * that names it, and nothing else is.
 */
enum IntendedDifference {
  /**
   * A multi or multi-read with a part that is wrong whatever the tree holds, such as a path that is
   * none. ZooKeeper has its client find most of these, and answers for each part; for Quoll the
   * request is wrong as a whole, in any client's hands. Only that it is refused for its arguments
   * is compared.
   */
  MULTI_WITH_WRONG_ARGUMENTS,

  /**
   * Paths for a session with a chroot, of znodes that a multi created and of its ephemerals.
   * ZooKeeper's client leaves the chroot on these alone, and does not add it to what the paths of
   * ephemerals are to begin with; Quoll's takes it off and adds it everywhere.
   */
  CHROOT_LEFT_ON_PATHS,

  /**
   * A multi that deletes the root of a chroot from within. ZooKeeper refuses that by itself and
   * does it in a multi; Quoll refuses both. No trial asks for it.
   */
  CHROOT_DELETED_IN_MULTI,

  /**
   * The order in which the ephemerals of a session that ends are deleted, all at one zxid.
   * ZooKeeper goes by the order of a hash set, Quoll by that of the paths. Which events there are
   * is compared.
   */
  ORDER_OF_EPHEMERALS,

  /**
   * The beginning of the paths that getEphemerals lists. ZooKeeper's client takes only what is a
   * path, its server any characters, and so does Quoll.
   */
  PREFIX_OF_EPHEMERALS,

  /**
   * A sequential znode whose path is the root of a chroot. ZooKeeper's client forgets the slash
   * there, and the znode comes beside the chroot. No trial asks for it.
   */
  SEQUENTIAL_ROOT,

  /**
   * A watcher that has a persistent and a recursive watch on the same path, when both are removed
   * by one request. ZooKeeper's event does not say which of the two it is, and comes once; Quoll
   * tells each kind. Only the second is left out.
   */
  PERSISTENT_KINDS_REMOVED,

  /**
   * The stat of {@code /zookeeper/config}: ZooKeeper's has an aversion of -1, from the way in which
   * its server makes it. No trial reads it; that it cannot be deleted is compared.
   */
  STAT_OF_CONFIG;

  /** The code of what this is about. */
  static final String WRONG_ARGUMENTS = "BADARGUMENTS";

  /** What is left of an answer when it is left out. */
  Seen applyTo(Seen answer) {
    return answer.text().contains(WRONG_ARGUMENTS) ? Seen.of(WRONG_ARGUMENTS) : answer;
  }
}
