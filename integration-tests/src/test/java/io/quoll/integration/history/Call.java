package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * A request of a session, and what came of it.
 *
 * @param number which of all calls; those of a session are asked in the order of their numbers
 * @param session which session
 * @param strict whether it is a read that has to be linearizable
 * @param timed when it was asked and answered, and what
 */
record Call(int number, int session, boolean strict, Timed<Request, Reply> timed) {
  /**
   * What is asked: reads of one state, or writes of which all take place or none.
   *
   * @param parts either all of them reads, or none
   */
  @Immutable
  record Request(ImmutableList<Part> parts) {
    boolean isRead() {
      return parts.get(0) instanceof Part.Get;
    }

    /** What the paths of its parts have in common: their parent. */
    String group() {
      String path = parts.get(0).path();
      return path.substring(0, path.lastIndexOf('/'));
    }
  }

  /** What is answered, part by part. */
  @Immutable
  record Reply(ImmutableList<PartReply> parts) {}

  /**
   * What is answered to a part.
   *
   * @param code {@code OK}, or the name of an error
   * @param value what was read, or null
   * @param version the version then, if it is known
   * @param zxid of the last change of the value, if it is known, else 0
   */
  @Immutable
  record PartReply(String code, @Nullable String value, int version, long zxid) {
    boolean isOk() {
      return code.equals("OK");
    }
  }

  Request request() {
    return timed.input();
  }

  @Nullable Reply reply() {
    return timed.output();
  }

  /** This call with another reply. */
  Call withReply(Reply other) {
    return new Call(
        number,
        session,
        strict,
        new Timed<>(timed.invoked(), timed.returned(), timed.input(), other));
  }
}
