package io.quoll.server.consensus;

import static io.quoll.server.consensus.TestEnsemble.createZnode;
import static io.quoll.server.consensus.TestEnsemble.deadline;
import static io.quoll.server.consensus.TestEnsemble.setData;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionTiming;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.store.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SessionEnsembleTest {
  private static final SessionTiming TIMING = SessionTiming.ofTick(Duration.ofSeconds(1));
  private static final long TIMEOUT = 4_000;

  @TempDir Path directory;
  private TestEnsemble ensemble;
  private final Map<Integer, SessionReplica> replicas = new TreeMap<>();
  private final List<RuntimeException> ends = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    ensemble = TestEnsemble.start(directory, 3, 50);
    for (int id = 1; id <= 3; id++) {
      replicas.put(id, new SessionReplica(ensemble.node(id), TIMING));
    }
  }

  @AfterEach
  void stop() {
    replicas.values().forEach(SessionReplica::close);
    ensemble.close();
  }

  @Test
  void aSilentSessionEndsEverywhereAndATouchedOneLivesWhereverItIsHeld() throws Exception {
    SessionHold atLeader = kept(ensemble.leader());
    SessionHold atFollower = kept(ensemble.follower());

    for (SessionReplica replica : replicas.values()) {
      awaitEnd(replica.open(TIMEOUT, ends::add));
    }

    assertThat(ends).hasSize(3).allMatch(end -> codeOf(end) == ErrorCode.SESSION_EXPIRED);
    assertThat(replicas.values()).allMatch(each -> each.knows(atLeader) && each.knows(atFollower));
  }

  @Test
  void aTouchedSessionOutlivesTheLeaderAndASilentOneIsEndedByTheNext() throws Exception {
    int old = ensemble.leader();
    int other = ensemble.follower();
    SessionHold touched = kept(other);
    SessionHold silent = replica(old).open(TIMEOUT, ends::add);
    replica(old).close();
    replicas.remove(old);
    ensemble.stopNode(old);

    awaitEnd(silent);
    awaitEnd(replica(ensemble.leader()).open(TIMEOUT, ends::add));

    assertThat(replicas.values()).allMatch(each -> each.knows(touched));
  }

  @Test
  void theFormerServerOfAMovedSessionIsToldByTheLog() throws Exception {
    SessionHold before = replica(1).open(TIMEOUT, ends::add);

    replica(2)
        .sessions
        .attach(before.sessionId(), before.secret(), 0, before.zxid(), end -> {}, deadline(20))
        .get(20, SECONDS);

    await().atMost(20, SECONDS).until(() -> !ends.isEmpty());
    assertThat(codeOf(ends.get(0))).isEqualTo(ErrorCode.SESSION_MOVED);
  }

  // The hold goes by the silence of the leader; the session itself is not ended by anybody.
  @Test
  void aServerThatNoLeaderHearsGivesItsSessionsUpBeforeTheyEnd() throws Exception {
    int cut = ensemble.follower();
    SessionHold held = replica(cut).open(10 * 1_000, ends::add);
    replica(cut).keepAlive(held);
    ensemble.submit(cut, createZnode("/heard"));

    for (int id = 1; id <= 3; id++) {
      ensemble.cutOff(id);
    }

    await().atMost(20, SECONDS).until(() -> !ends.isEmpty());
    assertThat(ends.get(0))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            end -> assertThat(end.reason()).isEqualTo(UnavailableException.Reason.NO_QUORUM));
    ensemble.heal();
    SessionHold again =
        replica(ensemble.leader())
            .sessions
            .attach(held.sessionId(), held.secret(), 0, held.zxid(), end -> {}, deadline(30))
            .get(30, SECONDS);
    assertThat(again.epoch()).isEqualTo(2);
  }

  @Test
  void aRepeatedWriteIsAnsweredByItsFirstReplyAtAnotherServerAndAfterRestarts() throws Exception {
    SessionHold hold = replica(1).open(TIMEOUT, ends::add);
    Reply first = numbered(1, hold.sessionId(), 1).get(20, SECONDS);
    assertThat(first.result()).isInstanceOf(Result.Created.class);

    assertThat(numbered(2, hold.sessionId(), 1).get(20, SECONDS)).isEqualTo(first);

    replicas.values().forEach(SessionReplica::close);
    replicas.clear();
    for (int id = 1; id <= 3; id++) {
      ensemble.stopNode(id);
    }
    List<CompletableFuture<Void>> starts =
        List.of(1, 2, 3).stream()
            .map(id -> CompletableFuture.runAsync(() -> ensemble.startNode(id)))
            .toList();
    starts.forEach(CompletableFuture::join);
    ensemble.leader();
    assertThat(numbered(3, hold.sessionId(), 1).get(30, SECONDS)).isEqualTo(first);
  }

  @Test
  void aWriteThatASnapshotJumpedOverIsAnsweredAsIfItsServerHadAppliedIt() throws Exception {
    replicas.values().forEach(SessionReplica::close); // Nobody ends the silent session meanwhile.
    ensemble.submit(1, createZnode("/data"));
    long session = openSilent();
    int cut = ensemble.follower();
    ensemble.submit(cut, setData("/data", "the link is open"));

    ensemble.cutOff(cut);
    CompletableFuture<Reply> reply = numbered(cut, session, 1);
    int leader = ensemble.leader();
    await().atMost(20, SECONDS).until(() -> session(leader, session).lastCxid() == 1);
    assertThat(reply).isNotDone();
    for (int i = 0; i < 2_500; i++) {
      ensemble.submit(leader, setData("/data", "value " + "x".repeat(400) + i));
    }
    ensemble.heal();

    Reply told = reply.get(60, SECONDS);
    assertThat(told.result()).isInstanceOf(Result.Created.class);
    assertThat(numbered(leader, session, 1).get(20, SECONDS)).isEqualTo(told);
  }

  private long openSilent() throws Exception {
    ByteString secret = ByteString.copyFrom(new byte[Session.SECRET_BYTES]);
    Result opened = ensemble.submit(1, new OpenSession(secret, TIMEOUT)).result();
    return ((Result.SessionOpened) opened).sessionId();
  }

  private SessionReplica replica(int id) {
    return Optional.ofNullable(replicas.get(id)).orElseThrow();
  }

  private SessionHold kept(int id) throws Exception {
    SessionHold hold = replica(id).open(TIMEOUT, end -> {});
    replica(id).keepAlive(hold);
    return hold;
  }

  private void awaitEnd(SessionHold hold) {
    await()
        .atMost(40, SECONDS)
        .until(() -> replicas.values().stream().noneMatch(replica -> replica.knows(hold)));
  }

  private Session session(int id, long sessionId) {
    try (StateStore.View view = ensemble.node(id).store().view()) {
      return view.session(sessionId).orElseThrow();
    }
  }

  private CompletableFuture<Reply> numbered(int id, long session, long cxid) {
    Caller caller = Caller.session(session, 1, cxid, 1, Identities.NONE);
    Create create = Create.at("/s-", CreateMode.PERSISTENT_SEQUENTIAL, 0, null, Acl.OPEN);
    return ensemble.node(id).consensus().submit(caller, create, deadline(120));
  }

  private static ErrorCode codeOf(RuntimeException end) {
    return ((Rejection) end).code();
  }
}
