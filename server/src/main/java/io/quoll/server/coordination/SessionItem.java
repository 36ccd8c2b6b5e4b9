package io.quoll.server.coordination;

import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;

/** What a session's client is sent, one after the other: replies and events, in one order. */
public sealed interface SessionItem {
  /** What an item is taken to weigh beside paths, names and data. */
  int ITEM_BYTES = 64;

  /** What the stat of a znode is taken to weigh. */
  int STAT_BYTES = 64;

  /** What the result of one part of a multi is taken to weigh beside its path and its stat. */
  int PART_BYTES = 16;

  /** What the item weighs in memory and on the wire, about. */
  long bytes();

  /**
   * The reply to a request.
   *
   * @param xid the request's number
   * @param zxid for a write the zxid of its changes, for the rest the last zxid that it includes
   */
  record Reply(long xid, long zxid, SessionReply reply) implements SessionItem {
    @Override
    public long bytes() {
      if (reply instanceof SessionReply.Read read) {
        return ITEM_BYTES + weigh(read.answer());
      }
      return ITEM_BYTES + (reply instanceof SessionReply.Wrote wrote ? weigh(wrote.result()) : 0);
    }
  }

  /**
   * A watch saw something.
   *
   * @param missed whether it happened before the watch was set: it concerns only the watches of the
   *     request whose reply comes next
   */
  record Event(WatchEvent event, boolean missed) implements SessionItem {
    @Override
    public long bytes() {
      return 0L + ITEM_BYTES + event.path().value().length();
    }
  }

  private static long weigh(Result result) {
    if (result instanceof Result.Created created) {
      return 0L + STAT_BYTES + created.path().value().length();
    }
    if (result instanceof Result.DataSet || result instanceof Result.AclSet) {
      return STAT_BYTES;
    }
    if (result instanceof Result.All all) {
      return all.parts().stream().mapToLong(part -> PART_BYTES + weigh(part)).sum();
    }
    if (result instanceof Result.MultiRejected rejected) {
      return PART_BYTES * (long) rejected.size() + weigh(rejected.cause());
    }
    return result instanceof Result.Rejected rejected
        ? 0L + rejected.path().length() + rejected.detail().length()
        : 0;
  }

  private static long weigh(Answer answer) {
    if (answer instanceof Answer.Rejected rejected) {
      return 0L + rejected.path().length() + rejected.detail().length();
    }
    if (answer instanceof Answer.Data data) {
      return data.data() == null ? 0 : data.data().size();
    }
    if (answer instanceof Answer.Children page) {
      return page.children().stream().mapToLong(SessionItem::weigh).sum();
    }
    if (answer instanceof Answer.All all) {
      return all.parts().stream().mapToLong(part -> ITEM_BYTES + weigh(part)).sum();
    }
    if (answer instanceof Answer.AclFound found) {
      return STAT_BYTES + found.acl().characters();
    }
    if (answer instanceof Answer.Paths paths) {
      return paths.paths().stream().mapToLong(String::length).sum();
    }
    return 0;
  }

  private static long weigh(Answer.Child child) {
    return 0L
        + ITEM_BYTES
        + child.name().length()
        + (child.data() == null ? 0 : child.data().size());
  }
}
