package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each session was promised of its own calls. */
final class Sessions {
  private Sessions() {}

  private static Map<Integer, Call> byNumber(History history) {
    Map<Integer, Call> calls = new HashMap<>();
    history.calls().forEach(call -> calls.put(call.number(), call));
    return calls;
  }

  /** Reads that no state shows which is as new as all that the session had seen. */
  static ImmutableList<String> staleReads(History history) {
    Changes changes = new Changes(history.changes());
    Map<Integer, Call> calls = byNumber(history);
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.SessionRecord session : history.sessions()) {
      long seen = 0;
      for (History.Told told : session.told()) {
        if (told instanceof History.Answered answered) {
          Call call = calls.get(answered.call());
          Call.@Nullable Reply reply = call == null ? null : call.reply();
          if (call != null && reply != null) {
            long state = earliestState(changes, call.request(), reply, seen);
            if (state == Long.MAX_VALUE || !isShownBy(changes, call.request(), reply, state)) {
              violations.add("session %d had seen %d: %s".formatted(session.session(), seen, call));
            }
            seen = state == Long.MAX_VALUE ? seen : Math.max(seen, state);
          }
        }
      }
    }
    return violations.build();
  }

  private static long earliestState(
      Changes changes, Call.Request request, Call.Reply reply, long seen) {
    long state = seen;
    for (int i = 0; i < request.parts().size(); i++) {
      Call.PartReply answer = reply.parts().get(i);
      state = Math.max(state, answer.zxid());
      if (request.isRead() && answer.code().equals("NO_NODE")) {
        state = changes.absentFrom(request.parts().get(i).path(), state);
      }
    }
    return state;
  }

  private static boolean isShownBy(
      Changes changes, Call.Request request, Call.Reply reply, long state) {
    if (!request.isRead()) {
      return true;
    }
    for (int i = 0; i < request.parts().size(); i++) {
      String path = request.parts().get(i).path();
      Call.PartReply answer = reply.parts().get(i);
      boolean shown =
          answer.isOk()
              ? changes.of(path).containsKey(answer.zxid())
                  && changes.after(path, answer.zxid()) > state
              : changes.absentFrom(path, state) == state;
      if (!shown) {
        return false;
      }
    }
    return true;
  }

  /** Answers that came out of order, and writes that took effect so. */
  static ImmutableList<String> disorder(History history) {
    Map<Integer, Call> calls = byNumber(history);
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.SessionRecord session : history.sessions()) {
      int lastCall = -1;
      long lastZxid = 0;
      for (History.Told told : session.told()) {
        if (told instanceof History.Answered answered) {
          if (answered.call() <= lastCall) {
            violations.add(
                "session %d: call %d is answered behind %d"
                    .formatted(session.session(), answered.call(), lastCall));
          }
          lastCall = answered.call();
          long zxid = writtenAt(calls.get(answered.call()));
          if (zxid != 0 && zxid <= lastZxid) {
            violations.add(
                "session %d: call %d takes effect at %d, behind %d"
                    .formatted(session.session(), answered.call(), zxid, lastZxid));
          }
          lastZxid = Math.max(lastZxid, zxid);
        }
      }
    }
    return violations.build();
  }

  private static long writtenAt(@Nullable Call call) {
    Call.@Nullable Reply reply = call == null ? null : call.reply();
    if (call == null || reply == null || call.request().isRead()) {
      return 0;
    }
    return reply.parts().stream().mapToLong(Call.PartReply::zxid).max().orElse(0);
  }

  /** Reads that show a change whose event the session had not been told. */
  static ImmutableList<String> dataBeforeEvents(History history) {
    Map<Integer, Call> calls = byNumber(history);
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.SessionRecord session : history.sessions()) {
      long told = 0;
      for (History.Told each : session.told()) {
        if (each instanceof History.Noticed noticed) {
          told = Math.max(told, noticed.event().zxid());
        } else {
          Call call = calls.get(((History.Answered) each).call());
          Call.@Nullable Reply reply = call == null ? null : call.reply();
          if (call != null && reply != null) {
            for (Call.PartReply part : reply.parts()) {
              if (part.zxid() > told) {
                violations.add(
                    "session %d was told all up to %d: %s"
                        .formatted(session.session(), told, call));
              }
            }
          }
        }
      }
    }
    return violations.build();
  }
}
