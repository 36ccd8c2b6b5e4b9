package io.quoll.statemachine.state;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a request was refused. The names and numbers are ZooKeeper's ({@code KeeperException.Code});
 * the numbers below -1000 are Quoll's own, for what ZooKeeper answers by closing the connection.
 */
public enum ErrorCode {
  /** Not a failure: a part of a rejected multi that would have succeeded. */
  OK(0),
  /** A part of a rejected multi that was not tried, because an earlier part failed. */
  RUNTIME_INCONSISTENCY(-2),
  /** The request itself is wrong, whatever the tree holds: a bad path, a protected znode. */
  BAD_ARGUMENTS(-8),
  /** The members that a change would leave have no majority that answers. */
  NEW_CONFIG_NO_QUORUM(-13),
  /** Another change of the members is under way. */
  RECONFIG_IN_PROGRESS(-14),
  /** There is no znode at the path, or no parent for it. */
  NO_NODE(-101),
  /** The ACL of the znode does not let the caller do that. */
  NO_AUTH(-102),
  /** The znode's version is not the one that the request expects. */
  BAD_VERSION(-103),
  /** An ephemeral znode can have no children. */
  NO_CHILDREN_FOR_EPHEMERALS(-108),
  /** There is a znode at the path already. */
  NODE_EXISTS(-110),
  /** The znode has children. */
  NOT_EMPTY(-111),
  /** The session was closed, or was silent for too long, or never was. */
  SESSION_EXPIRED(-112),
  /** The ACL is empty or not well formed. */
  INVALID_ACL(-114),
  /** What was shown to prove who the caller is, a secret or credentials, proves it not. */
  AUTH_FAILED(-115),
  /** The session was attached anew since, and what belongs to an older attachment is refused. */
  SESSION_MOVED(-118),
  /** The session has no such watch. */
  NO_WATCHER(-121),
  /** The ensemble serves only callers who prove who they are, and the caller proved nothing. */
  AUTH_REQUIRED(-124),
  /** A hard limit of the quota of a subtree leaves no room for it. */
  QUOTA_EXCEEDED(-125),
  /** The request is larger than a named limit allows; the message names the limit. */
  LIMIT_EXCEEDED(-1001),
  /** A write of the session that comes before this one is missing; send again from there on. */
  CXID_GAP(-1006),
  /** The write was applied, and its reply acknowledged by the client and so no longer kept. */
  REPLY_TRIMMED(-1007),
  /** As many replies of the session are kept as may be, and its client acknowledges none. */
  REPLIES_FULL(-1008);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /** The number that stands for this code on ZooKeeper's wire and in error details. */
  public int number() {
    return number;
  }

  /** The code that {@code number} stands for, or empty where there is none. */
  public static Optional<ErrorCode> ofNumber(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }
}
