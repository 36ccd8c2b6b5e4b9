package io.quoll.statemachine.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.EntryOutcome.Applied;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for sessions whatever they do and whichever way a replica takes: in memory, on disk,
 * from a checkpoint or from the log alone.
 */
final class SessionReplicasTest {
  /** What a write is refused with that is not applied, and that no command here comes to. */
  private static final ImmutableSet<ErrorCode> REFUSALS =
      ImmutableSet.of(
          ErrorCode.SESSION_EXPIRED,
          ErrorCode.SESSION_MOVED,
          ErrorCode.CXID_GAP,
          ErrorCode.REPLY_TRIMMED);

  private static final int ENTRIES = 200;
  private static final int PROPOSALS_MAX = 15;

  @TempDir Path directory;

  private final Entries entries = new Entries();
  private final List<LogEntry> log = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final Map<Write, RecordedReply> replies = new HashMap<>();

  /** A numbered write. */
  private record Write(long sessionId, long cxid) {}

  static List<Long> seeds() {
    Random random = new Random();
    return List.of(1L, 2L, random.nextLong(), random.nextLong()); // Printed as the test's name.
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(120)
  void sessionsAreTheSameOnAllReplicasAndTheirWritesCountOnce(long seed) {
    Random random = new Random(seed);
    SessionTraffic traffic = new SessionTraffic(random);
    try (StateStore memory = new InMemoryStore();
        StateStore live = opened("live");
        StateStore restored = opened("restored");
        StateStore replayed = opened("replayed")) {
      applyToBoth(entries.of(0, ImmutableList.of(Entries.newZnode("/ledger"))), memory, live);
      for (int i = 1; i <= ENTRIES; i++) {
        step(traffic, i, 1 + random.nextInt(PROPOSALS_MAX), memory, live);
        assertSound(memory.committed(), traffic);
        assertThat(live.digest()).isEqualTo(memory.digest());
        if (i == ENTRIES / 2) {
          live.checkpoint(directory.resolve("checkpoint"));
        }
      }

      restored.install(directory.resolve("checkpoint"));
      replay(log.subList(ENTRIES / 2 + 1, log.size()), restored);
      replay(log, replayed);

      assertThat(ledger(memory.committed())).isEqualTo(traffic.expected());
      for (StateStore replica : ImmutableList.of(memory, live, restored, replayed)) {
        assertEqual(replica, memory);
      }
    }
  }

  private void step(
      SessionTraffic traffic, int time, int count, StateStore memory, StateStore live) {
    ImmutableList<Proposal> proposals = traffic.next(count);
    LogEntry entry = entries.ofProposals(time, proposals);
    ImmutableList<Applied> applied = applyToBoth(entry, memory, live);
    for (int i = 0; i < applied.size(); i++) {
      traffic.learn(proposals.get(i), applied.get(i).result());
      assertAppliedOnce(proposals.get(i).caller(), applied.get(i));
    }
  }

  private ImmutableList<Applied> applyToBoth(LogEntry entry, StateStore memory, StateStore live) {
    log.add(entry);
    EntryOutcome outcome = Entries.apply(memory, entry);
    events.addAll(outcome.transaction().events());
    assertThat(Entries.apply(live, entry).applied()).isEqualTo(outcome.applied());
    memory.publish();
    live.publish();
    return outcome.applied();
  }

  /** A number is applied once, and its reply then is the reply to it for ever. */
  private void assertAppliedOnce(Caller caller, Applied applied) {
    Write write = new Write(caller.sessionId(), caller.cxid());
    if (applied.result() instanceof Result.Recorded recorded) {
      assertThat(ReplyCodec.decode(recorded.reply())).isEqualTo(replies.get(write));
      assertThat(applied.changes()).isEmpty();
    } else if (caller.isNumbered() && !isRefused(applied.result())) {
      RecordedReply reply = new RecordedReply(applied.zxid(), applied.result());
      assertThat(replies.put(write, reply)).as("%s was applied before", write).isNull();
    }
  }

  private static boolean isRefused(Result result) {
    return result instanceof Result.Rejected rejected && REFUSALS.contains(rejected.code());
  }

  private static void assertSound(StateView state, SessionTraffic traffic) {
    assertThat(state.sessions().stream().map(Session::id).toList()).isEqualTo(traffic.open());
    for (ZnodePath path : paths(state)) {
      Znode znode = state.require(path);
      if (znode.isEphemeral()) {
        assertThat(state.session(znode.ephemeralOwner())).as("owner of %s", path).isPresent();
        assertThat(znode.numChildren()).isZero();
      }
    }
  }

  private void assertEqual(StateStore replica, StateStore model) {
    assertThat(replica.digest()).isEqualTo(model.digest()).isEqualTo(Digests.ofAll(replica));
    try (StateStore.View view = replica.view();
        StateStore.View expected = model.view()) {
      assertThat(view.sessions()).isEqualTo(expected.sessions());
      assertThat(view.history(0, Integer.MAX_VALUE))
          .isEqualTo(new HistoryPage.Events(ImmutableList.copyOf(events), view.zxid()));
      for (Session session : expected.sessions()) {
        assertThat(view.ephemerals(session.id())).isEqualTo(ownedBy(session, expected));
      }
      assertSameReplies(view, expected);
      assertThat(view.perishables(ZnodePath.ROOT, Integer.MAX_VALUE))
          .isEqualTo(perishable(expected));
    }
  }

  private void assertSameReplies(StateView view, StateView expected) {
    for (Write write : replies.keySet()) {
      assertThat(view.reply(write.sessionId(), write.cxid()))
          .isEqualTo(expected.reply(write.sessionId(), write.cxid()));
    }
    for (Session session : expected.sessions()) {
      for (long cxid = session.firstKeptCxid(); cxid <= session.lastCxid(); cxid++) {
        assertThat(view.reply(session.id(), cxid)).isPresent();
      }
    }
  }

  private static List<ZnodePath> ownedBy(Session session, StateView state) {
    return paths(state).stream()
        .filter(path -> state.require(path).ephemeralOwner() == session.id())
        .toList();
  }

  private static List<ZnodePath> perishable(StateView state) {
    return paths(state).stream().filter(path -> state.require(path).isPerishable()).toList();
  }

  private static ImmutableList<ZnodePath> paths(StateView state) {
    return state.descendants(ZnodePath.ROOT, ZnodePath.ROOT, Integer.MAX_VALUE);
  }

  private static List<String> ledger(StateView state) {
    return state.children(SessionTraffic.LEDGER, "", Integer.MAX_VALUE).stream()
        .map(name -> requireNonNull(state.data(SessionTraffic.LEDGER.child(name))).toStringUtf8())
        .toList();
  }

  private static void replay(List<LogEntry> log, StateStore store) {
    for (LogEntry entry : log) {
      Entries.apply(store, entry);
      store.publish();
    }
  }

  private StateStore opened(String name) {
    return RocksStore.open(directory.resolve(name), RocksConfig.DEFAULT);
  }
}
