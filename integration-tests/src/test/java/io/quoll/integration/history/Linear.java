package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether writes and strict reads are linearizable, group by group. */
final class Linear {
  private Linear() {}

  static ImmutableList<String> violations(History history) {
    Map<String, List<Timed<Call.Request, Call.Reply>>> groups = new TreeMap<>();
    for (Call call : history.calls()) {
      if (call.strict() || !call.request().isRead()) {
        groups.computeIfAbsent(call.request().group(), none -> new ArrayList<>()).add(call.timed());
      }
    }
    return groups.entrySet().stream()
        .filter(group -> !Linearizability.holds(new Registers(), group.getValue()))
        .map(group -> "the calls of " + group.getKey() + " are not linearizable")
        .collect(ImmutableList.toImmutableList());
  }
}
