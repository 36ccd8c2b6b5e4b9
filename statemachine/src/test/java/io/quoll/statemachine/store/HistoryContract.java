package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.Entries.newZnode;
import static io.quoll.statemachine.store.Entries.path;
import static io.quoll.statemachine.store.Entries.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StateStore} keeps of the past. */
@Timeout(60)
abstract class HistoryContract {
  private static final long NO_LIMIT = 1L << 40;
  private static final int ALL = Integer.MAX_VALUE;
  private final List<StateStore> opened = new ArrayList<>();
  private final Entries entries = new Entries();

  private final StoreKind kind;

  @TempDir Path directory;

  HistoryContract(StoreKind kind) {
    this.kind = kind;
  }

  @AfterEach
  void closeStores() {
    opened.forEach(StateStore::close);
  }

  @Test
  void everyChangeIsToldByItsZxidWithItsTimeAndTheAclOfThen() {
    Acl acl = new Acl(ImmutableList.of(new Acl.Entry(7, "world", "anyone")));
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, Create.at("/a", false, null, acl), newZnode("/b"));
    applyAt(store, 6, set("/a", "x"));
    applyAt(store, 7, new DeleteRecursive(path("/a")));

    assertThat(read(store, 0, ALL))
        .isEqualTo(
            events(
                4,
                new Event(1, 5, new Change.Created(path("/a"), acl, Acl.OPEN)),
                new Event(2, 5, new Change.Created(path("/b"), Acl.OPEN, Acl.OPEN)),
                new Event(3, 6, new Change.DataSet(path("/a"), acl)),
                new Event(4, 7, new Change.Deleted(path("/a"), acl, Acl.OPEN))));
  }

  @Test
  void theChangesOfOneTransactionComeInTheirOrder() {
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, NO_LIMIT);

    applyAt(store, 5, new Multi(ImmutableList.of(newZnode("/b"), newZnode("/a"), set("/b", "x"))));

    assertThat(read(store, 0, ALL))
        .isEqualTo(
            events(
                1,
                new Event(1, 5, new Change.Created(path("/b"), Acl.OPEN, Acl.OPEN)),
                new Event(1, 5, new Change.Created(path("/a"), Acl.OPEN, Acl.OPEN)),
                new Event(1, 5, new Change.DataSet(path("/b"), Acl.OPEN))));
  }

  @Test
  void aPageEndsBetweenTransactionsAndTellsWhereToGoOn() {
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, newZnode("/a"));
    applyAt(store, 5, new Multi(ImmutableList.of(newZnode("/b"), newZnode("/c"))));
    applyAt(store, 5, newZnode("/d"));

    assertThat(pathsOf(read(store, 0, 2))).containsExactly("/a", "/b", "/c");
    assertThat(throughOf(read(store, 0, 2))).isEqualTo(2);
    assertThat(pathsOf(read(store, 0, 1))).containsExactly("/a");
    assertThat(throughOf(read(store, 0, 1))).isEqualTo(1);
    assertThat(pathsOf(read(store, 1, 1))).containsExactly("/b", "/c");
    assertThat(pathsOf(read(store, 2, 1))).containsExactly("/d");
    assertThat(throughOf(read(store, 2, 1))).isEqualTo(3);
  }

  @Test
  void aPageMayBeginAndEndBetweenTheTransactionsOfOneEntry() {
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, newZnode("/a"), newZnode("/b"), newZnode("/c"), newZnode("/d"));
    applyAt(store, 6, newZnode("/e"));

    assertThat(pathsOf(read(store, 1, 2))).containsExactly("/b", "/c");
    assertThat(throughOf(read(store, 1, 2))).isEqualTo(3);
    assertThat(pathsOf(read(store, 3, ALL))).containsExactly("/d", "/e");
    assertThat(pathsOf(read(store, 4, ALL))).containsExactly("/e");
  }

  @Test
  void anEntryOfManyRowsIsReadLikeOneOfOne() {
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, NO_LIMIT);
    Command[] znodes = longNames();

    applyAt(store, 5, znodes);
    applyAt(store, 6, newZnode("/last"));

    assertThat(pathsOf(read(store, 0, ALL))).hasSize(znodes.length + 1);
    assertThat(pathsOf(read(store, znodes.length - 1, ALL)))
        .containsExactly("/" + (znodes.length - 1) + "x".repeat(1_000), "/last");
    for (int after = 0; after < znodes.length; after++) {
      assertThat(throughOf(read(store, after, 1))).isEqualTo(after + 1);
    }
  }

  @Test
  void aTransactionOfManyRowsIsReadAndTrimmedWhole() {
    StateStore store = open("store", 3, NO_LIMIT, NO_LIMIT);
    Command[] znodes = longNames();
    applyAt(store, 5, new Multi(ImmutableList.copyOf(znodes)));
    assertThat(pathsOf(read(store, 0, 1))).hasSize(znodes.length);

    applyAt(store, 6, newZnode("/next"));

    assertThat(read(store, 0, ALL)).isEqualTo(new HistoryPage.Trimmed(1));
    assertThat(pathsOf(read(store, 1, ALL))).containsExactly("/next");
  }

  @Test
  void theEventsOfOneEntryAreTrimmedTogether() {
    StateStore store = open("store", 3, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, newZnode("/a"), newZnode("/b"));
    applyAt(store, 5, newZnode("/c"), newZnode("/d"));

    assertThat(read(store, 1, ALL)).isEqualTo(new HistoryPage.Trimmed(2));
    assertThat(pathsOf(read(store, 2, ALL))).containsExactly("/c", "/d");
  }

  @Test
  void whoHasSeenAllIsToldTheZxidOfTheViewThoughTheLastChangedNoZnode() {
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, newZnode("/a"));
    entries.open(store);

    assertThat(read(store, 0, ALL))
        .isEqualTo(events(2, new Event(1, 5, new Change.Created(path("/a"), Acl.OPEN, Acl.OPEN))));
    assertThat(read(store, 2, ALL)).isEqualTo(events(2));
    assertThat(read(store, 9, ALL)).isEqualTo(events(9));
  }

  @Test
  void aViewDoesNotSeeWhatComesAfterIt() {
    StateStore store = open("store", 1, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, newZnode("/a"));

    try (StateStore.View view = store.view()) {
      applyAt(store, 5, newZnode("/b"));
      applyAt(store, 5, newZnode("/c"));

      assertThat(pathsOf(view.history(0, ALL))).containsExactly("/a");
      assertThat(throughOf(view.history(0, ALL))).isEqualTo(1);
    }
  }

  @Test
  void beyondTheMostEventsTheOldestGoAndThatIsTold() {
    StateStore store = open("store", 3, NO_LIMIT, NO_LIMIT);
    for (int i = 1; i <= 5; i++) {
      applyAt(store, 5, newZnode("/" + i));
    }

    assertThat(read(store, 0, ALL)).isEqualTo(new HistoryPage.Trimmed(2));
    assertThat(read(store, 1, ALL)).isEqualTo(new HistoryPage.Trimmed(2));
    assertThat(pathsOf(read(store, 2, ALL))).containsExactly("/3", "/4", "/5");
  }

  @Test
  void beyondTheMostBytesTheOldestGo() {
    StateStore store = open("store", NO_LIMIT, 1000, NO_LIMIT);
    for (int i = 1; i <= 10; i++) {
      applyAt(store, 5, newZnode("/" + i + "x".repeat(298)));
    }

    assertThat(read(store, 6, ALL)).isEqualTo(new HistoryPage.Trimmed(8));
    assertThat(pathsOf(read(store, 8, ALL))).hasSize(2);
  }

  @Test
  void beyondTheLargestAgeTheOldestGo() {
    StateStore store = open("store", NO_LIMIT, NO_LIMIT, 100);
    applyAt(store, 1_000, newZnode("/1"));
    applyAt(store, 1_050, newZnode("/2"));
    applyAt(store, 1_100, newZnode("/3"));
    assertThat(pathsOf(read(store, 0, ALL))).hasSize(3);

    applyAt(store, 1_101, newZnode("/4"));

    assertThat(read(store, 0, ALL)).isEqualTo(new HistoryPage.Trimmed(1));
    assertThat(pathsOf(read(store, 1, ALL))).containsExactly("/2", "/3", "/4");
  }

  @Test
  void aTrimTakesASixteenthMoreThanItMust() {
    StateStore store = open("store", 32, NO_LIMIT, NO_LIMIT);
    for (int i = 1; i <= 33; i++) {
      applyAt(store, 5, newZnode("/" + i));
    }

    assertThat(read(store, 0, ALL)).isEqualTo(new HistoryPage.Trimmed(3));
    assertThat(pathsOf(read(store, 3, ALL))).hasSize(30);
  }

  @Test
  void aTransactionIsTrimmedWhole() {
    StateStore store = open("store", 3, NO_LIMIT, NO_LIMIT);
    applyAt(store, 5, new Multi(ImmutableList.of(newZnode("/a"), newZnode("/b"))));
    applyAt(store, 5, newZnode("/c"));

    applyAt(store, 5, newZnode("/d"));

    assertThat(read(store, 0, ALL)).isEqualTo(new HistoryPage.Trimmed(1));
    assertThat(pathsOf(read(store, 1, ALL))).containsExactly("/c", "/d");
  }

  @Test
  void whatOneCommitAddsBeyondTheLimitsStaysUntilTheNext() {
    StateStore store = open("store", 1, NO_LIMIT, NO_LIMIT);

    applyAt(store, 5, new Multi(ImmutableList.of(newZnode("/a"), newZnode("/b"))));
    assertThat(pathsOf(read(store, 0, ALL))).containsExactly("/a", "/b");
    applyAt(store, 5, newZnode("/c"));

    assertThat(pathsOf(read(store, 1, ALL))).containsExactly("/c");
    assertThat(read(store, 0, ALL)).isEqualTo(new HistoryPage.Trimmed(1));
  }

  @Test
  void aCheckpointHoldsTheHistoryAndHowFarItReaches() {
    StateStore store = open("store", 2, NO_LIMIT, NO_LIMIT);
    for (int i = 1; i <= 4; i++) {
      applyAt(store, 5, newZnode("/" + i));
    }
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);
    StateStore other = open("other", 2, NO_LIMIT, NO_LIMIT);

    other.install(checkpoint);

    assertThat(read(other, 1, ALL)).isEqualTo(new HistoryPage.Trimmed(2));
    assertThat(read(other, 2, ALL)).isEqualTo(read(store, 2, ALL));
    applyAt(other, 5, newZnode("/5"));
    assertThat(pathsOf(read(other, 3, ALL))).containsExactly("/4", "/5");
    assertThat(read(other, 2, ALL)).isEqualTo(new HistoryPage.Trimmed(3));
  }

  /** Creates whose paths fill several rows. */
  private static Command[] longNames() {
    int count = 4 * HistoryRow.ROW_CHARACTERS / 1_000;
    Command[] creates = new Command[count];
    for (int i = 0; i < count; i++) {
      creates[i] = newZnode("/" + i + "x".repeat(1_000));
    }
    return creates;
  }

  private StateStore open(String name, long eventsMax, long bytesMax, long ageMillisMax) {
    HistoryLimits limits = new HistoryLimits(eventsMax, bytesMax, ageMillisMax);
    StateStore store = kind.open(directory.resolve(name), limits);
    opened.add(store);
    return store;
  }

  private void applyAt(StateStore store, long timeMillis, Command... commands) {
    Entries.apply(store, entries.of(timeMillis, ImmutableList.copyOf(commands)));
    store.publish();
  }

  private static HistoryPage read(StateStore store, long after, int limit) {
    try (StateStore.View view = store.view()) {
      return view.history(after, limit);
    }
  }

  private static HistoryPage events(long through, Event... events) {
    return new HistoryPage.Events(ImmutableList.copyOf(events), through);
  }

  private static List<String> pathsOf(HistoryPage page) {
    return ((HistoryPage.Events) page)
        .events().stream().map(event -> event.change().path().value()).toList();
  }

  private static long throughOf(HistoryPage page) {
    return ((HistoryPage.Events) page).throughZxid();
  }
}
