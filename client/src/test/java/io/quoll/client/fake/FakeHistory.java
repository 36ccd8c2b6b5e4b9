package io.quoll.client.fake;

import java.util.ArrayList;
import java.util.List;

/** What happened, back to where it was trimmed. Confined to who holds the tree. */
final class FakeHistory {
  private final List<FakeChange> changes = new ArrayList<>();
  private long trimmedThrough;

  void add(List<FakeChange> committed) {
    changes.addAll(committed);
  }

  void trim(long throughZxid) {
    trimmedThrough = throughZxid;
    changes.removeIf(change -> change.zxid() <= throughZxid);
  }

  /** 0, or through which zxid what comes after {@code zxid} is missing. */
  long missingAfter(long zxid) {
    return zxid < trimmedThrough ? trimmedThrough : 0;
  }

  List<FakeChange> after(long zxid) {
    return changes.stream().filter(change -> change.zxid() > zxid).toList();
  }
}
