package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryPage;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentChangesTest {
  private final RecentChanges recent = new RecentChanges(10, 4);

  private static Event event(long zxid, String path) {
    return new Event(zxid, 1_000, new Change.DataSet(ZnodePath.of(path), Acl.OPEN));
  }

  private void add(long... zxids) {
    for (long zxid : zxids) {
      recent.add(event(zxid, "/a"));
      recent.advanceTo(zxid);
    }
  }

  private List<Long> after(long zxid, int limit) {
    return page(zxid, limit).events().stream().map(Event::zxid).toList();
  }

  private HistoryPage.Events page(long zxid, int limit) {
    return recent.after(zxid, limit).orElseThrow();
  }

  @Test
  void theyBeginAfterTheZxidThatTheyWereStartedAt() {
    assertThat(recent.reachBackTo(10)).isTrue();
    assertThat(recent.reachBackTo(9)).isFalse();
    assertThat(recent.after(9, 1)).isEmpty();
    assertThat(page(10, 1).throughZxid()).isEqualTo(10);
  }

  @Test
  void theOldestAreForgottenBeyondTheLimit() {
    add(11, 12, 13, 14, 15);

    assertThat(recent.reachBackTo(10)).isFalse();
    assertThat(after(11, 100)).containsExactly(12L, 13L, 14L, 15L);
    assertThat(after(13, 100)).containsExactly(14L, 15L);
    assertThat(after(15, 100)).isEmpty();
    assertThat(after(99, 100)).isEmpty();
  }

  @Test
  void aTransactionIsKeptWholeOrNotAtAll() {
    add(11, 12, 12, 12, 13);
    recent.add(event(14, "/a"));

    assertThat(recent.reachBackTo(11)).isFalse();
    assertThat(recent.reachBackTo(12)).isTrue();
  }

  @Test
  void aTransactionIsTakenWhole() {
    add(11, 12, 12, 13);

    HistoryPage.Events page = page(10, 2);

    assertThat(page.events()).extracting(Event::zxid).containsExactly(11L, 12L, 12L);
    assertThat(page.throughZxid()).isEqualTo(12);
    assertThat(page(12, 2).throughZxid()).isEqualTo(13);
  }

  @Test
  void aPageGoesUpToAZxidWithoutChanges() {
    add(11);
    recent.advanceTo(20);

    assertThat(page(10, 5).throughZxid()).isEqualTo(20);
  }

  @Test
  void longPathsAreBoundedByTheirCharacters() {
    String path = "/" + "x".repeat(30_000);
    RecentChanges large = new RecentChanges(0, 1_000);

    for (int zxid = 1; zxid <= 300; zxid++) {
      large.add(event(zxid, path));
    }

    long fitting = RecentChanges.CHARACTERS_MAX / path.length();
    assertThat(large.reachBackTo(300 - fitting)).isTrue();
    assertThat(large.reachBackTo(299 - fitting)).isFalse();
  }

  @Test
  void theyBeginAnewAfterASnapshot() {
    add(11, 12);

    recent.restart(50);

    assertThat(recent.reachBackTo(49)).isFalse();
    assertThat(recent.throughZxid()).isEqualTo(50);
    assertThat(after(50, 5)).isEmpty();
  }
}
