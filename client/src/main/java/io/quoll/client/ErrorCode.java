package io.quoll.client;

/** Why a request failed: the errors of the contract, and after them those of the client itself. */
public enum ErrorCode {
  /** In the results of a multi: this part was done, or would have been done. */
  OK,
  /** A defect of the server, whose log tells more under the id in the message. */
  SYSTEM_ERROR,
  /** In the results of a multi: this part was not tried, because an earlier one failed. */
  RUNTIME_INCONSISTENCY,
  /** The request is wrong, whatever the tree holds. */
  BAD_ARGUMENTS,
  /** Of the voters that there would be no majority answers. */
  NEW_CONFIG_NO_QUORUM,
  /** Another change of the members is under way. */
  RECONFIG_IN_PROGRESS,
  /** There is no znode at the path, or no parent for it. */
  NO_NODE,
  /** The ACL of the znode does not let the caller do that. */
  NO_AUTH,
  /** The znode's version is not the expected one. */
  BAD_VERSION,
  /** An ephemeral znode can have no children. */
  NO_CHILDREN_FOR_EPHEMERALS,
  /** There is a znode at the path already. */
  NODE_EXISTS,
  /** The znode has children. */
  NOT_EMPTY,
  /** The session was closed, or was silent for too long, or never was. */
  SESSION_EXPIRED,
  /** The ACL is empty or not well formed. */
  INVALID_ACL,
  /** The secret is not that of the session, or credentials prove nothing. */
  AUTH_FAILED,
  /** The session was attached anew since, and the request belongs to an older attachment. */
  SESSION_MOVED,
  /** The session has no such watch. */
  NO_WATCHER,
  /** The ensemble serves only callers who prove who they are. */
  AUTH_REQUIRED,
  /** A hard limit of the quota of a subtree leaves no room for it. */
  QUOTA_EXCEEDED,
  /** The request is larger than a limit, which the message names. */
  LIMIT_EXCEEDED,
  /** The server has as much to do as it takes. */
  OVERLOADED,
  /** No leader with a majority was found in time. */
  NO_QUORUM,
  /** The server had not applied in time what this client has seen elsewhere. */
  BEHIND,
  /** The server is starting or stopping. */
  NOT_SERVING,
  /** A write of the session that comes before this one is missing. */
  CXID_GAP,
  /** The write was applied, and its reply is no longer kept. */
  REPLY_TRIMMED,
  /** The session has as many unacknowledged replies as are kept. */
  REPLIES_FULL,
  /** No server of the list took the request; it was not sent. */
  UNREACHABLE,
  /** The connection broke after the request was sent. */
  CONNECTION_LOST,
  /** There was no answer within the request timeout. */
  TIMED_OUT,
  /** The client was closed. */
  CLOSED,
  /** The thread that waited for the answer was interrupted. */
  INTERRUPTED,
  /** An error that this client does not know; the message says more. */
  UNKNOWN;

  /** The error that the contract calls {@code reason}; {@code UNKNOWN} if this client is older. */
  static ErrorCode ofReason(String reason) {
    try {
      return valueOf(reason);
    } catch (IllegalArgumentException unknownReason) {
      return UNKNOWN;
    }
  }
}
