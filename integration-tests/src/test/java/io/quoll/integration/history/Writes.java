package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether each write that was acknowledged happened once, by values that are written once each. */
final class Writes {
  private final Changes changes;
  private final Map<String, Long> zxidOfValue = new HashMap<>();
  private final Map<String, Set<Long>> claimed = new HashMap<>();
  private final Map<String, Integer> deleted = new HashMap<>();
  private final Map<String, Integer> unanswered = new HashMap<>();
  private final ImmutableList.Builder<String> violations = ImmutableList.builder();

  private Writes(History history) {
    this.changes = new Changes(history.changes());
    history.calls().forEach(this::look);
    history.calls().stream()
        .flatMap(call -> call.request().parts().stream())
        .map(Part::path)
        .distinct()
        .forEach(this::requireAuthors);
  }

  static ImmutableList<String> violations(History history) {
    return new Writes(history).violations.build();
  }

  private void look(Call call) {
    List<Part> parts = call.request().parts();
    Call.@Nullable Reply reply = call.reply();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Call.@Nullable PartReply answer = reply == null ? null : reply.parts().get(i);
      if (part instanceof Part.Get) {
        if (answer != null && answer.value() != null) {
          require(answer.value(), answer.zxid(), call);
        }
      } else if (answer == null) {
        unanswered.merge(part.path(), 1, Integer::sum); // It may have happened.
      } else if (reply != null && isCommitted(reply)) {
        acknowledge(part, answer, call);
      }
    }
  }

  private static boolean isCommitted(Call.Reply reply) {
    return reply.parts().stream().allMatch(Call.PartReply::isOk);
  }

  private void acknowledge(Part part, Call.PartReply answer, Call call) {
    if (part instanceof Part.Check) {
      return;
    }
    if (part instanceof Part.Delete) { // Its zxid is not told.
      deleted.merge(part.path(), 1, Integer::sum);
      return;
    }
    History.@Nullable Kind kind = changes.of(part.path()).get(answer.zxid());
    if (kind == null) {
      violations.add("was acknowledged, and did not happen: " + call);
    }
    if (!claimed.computeIfAbsent(part.path(), none -> new HashSet<>()).add(answer.zxid())) {
      violations.add("is one of two writes that happened as one: " + call);
    }
    String value = part instanceof Part.Create create ? create.value() : null;
    if (part instanceof Part.Set set) {
      value = set.value();
    }
    if (value != null) {
      require(value, answer.zxid(), call);
    }
  }

  private void require(String value, long zxid, Call call) {
    Long before = zxidOfValue.putIfAbsent(value, zxid);
    if (before != null && before != zxid) {
      violations.add("%s was written at %d and at %d: %s".formatted(value, before, zxid, call));
    }
  }

  private void requireAuthors(String path) {
    int deletes = deleted.getOrDefault(path, 0);
    int writes = claimed.getOrDefault(path, Set.of()).size() + deletes;
    int mayBe = unanswered.getOrDefault(path, 0);
    int happened = changes.of(path).size();
    if (happened > writes + mayBe) {
      violations.add(
          "%s changed %d times; %d writes were acknowledged and %d not answered"
              .formatted(path, happened, writes, mayBe));
    }
    long deletesHappened =
        changes.of(path).values().stream().filter(kind -> kind == History.Kind.DELETED).count();
    if (deletesHappened < deletes) {
      violations.add(
          "%s was deleted %d times, and %d deletes were acknowledged"
              .formatted(path, deletesHappened, deletes));
    }
  }
}
