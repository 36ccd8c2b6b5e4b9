package io.quoll.server.admin;

/**
 * What is at a path, and whom it is for. Asked by the few threads of the port, several at a time;
 * it may take a moment.
 *
 * @param access whom it is for
 * @param answer makes the reply
 */
record AdminPage(Access access, Answer answer) {
  /** Whom a page is for. */
  enum Access {
    /** For everybody who reaches the port: it names no client, no path and no setting. */
    OPEN,
    /** For administrators: it names clients, paths or settings. */
    DETAILS,
    /** For administrators, and only by POST: it changes something. */
    CHANGE
  }

  /** Makes the reply to a request that may be answered. */
  interface Answer {
    /** The reply. */
    AdminReply to(AdminRequest request);
  }
}
