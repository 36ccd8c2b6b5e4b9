package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.AttachSession;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.CloseSessionRequest;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionStarted;
import io.quoll.client.EventType;
import io.quoll.client.QuollSession;
import io.quoll.client.TreeWatch;
import io.quoll.client.WatchMode;
import io.quoll.client.WatchOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams of sessions as the contract has them: who holds a session, for how long, and whose. */
class AttachmentIT {
  private static final int TICK_MILLIS = 1_000;
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final AtomicInteger PATHS = new AtomicInteger();

  private static Ensemble ensemble;
  private static Clients clients;
  private static QuollSession eye;

  private final String path = "/attachment" + PATHS.incrementAndGet();

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("attachment", "tickTime=" + TICK_MILLIS);
    clients = new Clients(Duration.ofMillis(TIMEOUT_MILLIS));
    eye = clients.open(ensemble.startingWith(1));
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  private SessionRequest.Builder create(long cxid, CreateMode mode) {
    return SessionRequest.newBuilder()
        .setXid(cxid)
        .setCxid(cxid)
        .setCreate(CreateRequest.newBuilder().setPath(path).setMode(mode));
  }

  private SessionRequest.Builder exists() {
    return SessionRequest.newBuilder().setExists(ExistsRequest.newBuilder().setPath(path));
  }

  @Test
  void aTimeoutIsTakenIntoTwoToTwentyTicks() {
    try (RawSession low = RawSession.open(ensemble.server(1), 1);
        RawSession high = RawSession.open(ensemble.server(2), Integer.MAX_VALUE);
        RawSession within = RawSession.open(ensemble.server(3), 7_001)) {
      assertThat(low.started().getTimeoutMillis()).isEqualTo(2 * TICK_MILLIS);
      assertThat(high.started().getTimeoutMillis()).isEqualTo(20 * TICK_MILLIS);
      assertThat(within.started().getTimeoutMillis()).isEqualTo(7_001);

      SessionStarted kept = within.started();
      try (RawSession again = RawSession.attach(ensemble.server(1), kept)) {
        assertThat(again.started().getTimeoutMillis()).isEqualTo(7_001);
      }
      AttachSession other = RawSession.attachment(kept).setTimeoutMillis(1).build();
      try (RawSession again = RawSession.attach(ensemble.server(2), other)) {
        assertThat(again.started().getTimeoutMillis()).isEqualTo(2 * TICK_MILLIS);
      }
    }
  }

  @Test
  void aSilentSessionEndsWithItsEphemeralsAfterItsTimeoutAndWithinATickOrTwo() {
    int timeout = 3 * TICK_MILLIS;
    CompletableFuture<Long> deleted = new CompletableFuture<>();
    TreeWatch watch =
        eye.watch(
            path,
            WatchOptions.of(WatchMode.PERSISTENT_RECURSIVE),
            (zxid, timeMillis, events) -> {
              if (events.get(0).type() == EventType.NODE_DELETED) {
                deleted.complete(timeMillis);
              }
            });
    try (RawSession silent = RawSession.open(ensemble.server(2), timeout)) {
      silent.started();
      long before = System.currentTimeMillis();
      silent.call(create(1, CreateMode.EPHEMERAL));
      long after = System.currentTimeMillis();

      assertThat(silent.end()).isEqualTo("SESSION_EXPIRED");

      long gone = deleted.orTimeout(30, TimeUnit.SECONDS).join();
      assertThat(gone - before).isGreaterThanOrEqualTo(timeout);
      assertThat(gone - after).isLessThanOrEqualTo(timeout + 2 * TICK_MILLIS);
      watch.close();
    }
  }

  @Test
  void theFormerStreamHearsThatTheSessionMovedToAnotherServer() {
    try (RawSession former = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS);
        RawSession latter = RawSession.attach(ensemble.server(2), former.started())) {
      assertThat(latter.started().getEpoch()).isEqualTo(former.started().getEpoch() + 1);

      assertThat(former.end()).isEqualTo("SESSION_MOVED");

      assertThat(latter.call(exists()).hasExists()).isTrue();
    }
  }

  @Test
  void theFormerStreamHearsThatTheSessionMovedWithinItsServer() {
    try (RawSession former = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS);
        RawSession latter = RawSession.attach(ensemble.server(1), former.started())) {
      latter.started();

      assertThat(former.end()).isEqualTo("SESSION_MOVED");
      assertThat(latter.call(exists()).hasExists()).isTrue();
    }
  }

  @Test
  void ephemeralsStayWhenTheirSessionMoves() {
    try (RawSession former = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS)) {
      former.started();
      former.call(create(1, CreateMode.EPHEMERAL));

      try (RawSession latter = RawSession.attach(ensemble.server(3), former.started())) {
        assertThat(latter.started().getLastCxid()).isEqualTo(1);
        assertThat(latter.call(exists()).getExists().getStat().getEphemeralOwner())
            .isEqualTo(former.started().getSessionId());

        SessionRequest.Builder close =
            SessionRequest.newBuilder().setClose(CloseSessionRequest.getDefaultInstance());
        assertThat(latter.call(close).hasClose()).isTrue();
        assertThat(latter.end()).isEqualTo("completed");
      }
    }
    eye.sync("/");
    assertThat(eye.exists(path)).isEmpty();
  }

  @Test
  void aWrongSecretDisturbsNobody() {
    try (RawSession holder = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS)) {
      SessionStarted session = holder.started();
      for (ByteString secret :
          new ByteString[] {
            ByteString.EMPTY, ByteString.copyFrom(new byte[session.getSecret().size()])
          }) {
        for (ServerProcess server : ensemble.servers()) {
          AttachSession wrong = RawSession.attachment(session).setSecret(secret).build();
          try (RawSession thief = RawSession.attach(server, wrong)) {
            assertThat(thief.end()).isEqualTo("AUTH_FAILED");
          }
        }
      }

      assertThat(holder.call(exists()).hasExists()).isTrue();
      assertThat(holder.isOver()).isFalse();
      try (RawSession rightful = RawSession.attach(ensemble.server(2), session)) {
        assertThat(rightful.started().getEpoch()).isEqualTo(session.getEpoch() + 1);
      }
    }
  }

  @Test
  void aWriteOfAFormerAttachmentIsNotApplied() {
    ServerProcess paused = ensemble.followers().get(0);
    ServerProcess other = ensemble.followers().get(1);
    try (RawSession former = RawSession.open(paused, TIMEOUT_MILLIS)) {
      SessionStarted session = former.started();
      paused.pause();
      former.send(create(1, CreateMode.PERSISTENT).build());
      try (RawSession latter = RawSession.attach(other, session)) {
        latter.started();

        paused.resume();

        assertThat(former.end()).isEqualTo("SESSION_MOVED");
        assertThat(latter.call(exists()).getExists().hasStat()).isFalse();
        SessionReply first = latter.call(create(1, CreateMode.EPHEMERAL));
        assertThat(first.getCreate().getStat().getEphemeralOwner())
            .isEqualTo(session.getSessionId());
      }
    } finally {
      ensemble.awaitSameDigest();
    }
  }

  @Test
  void aSessionThatNeverWasIsExpired() {
    AttachSession unknown =
        AttachSession.newBuilder()
            .setSessionId(Long.MAX_VALUE - 1)
            .setSecret(ByteString.copyFrom(new byte[16]))
            .build();
    try (RawSession nobody = RawSession.attach(ensemble.server(1), unknown)) {
      assertThat(nobody.end()).isEqualTo("SESSION_EXPIRED");
    }
  }

  @Test
  void aClientThatSawMoreThanTheEnsembleEverHadIsOfAnother() {
    try (RawSession holder = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS)) {
      AttachSession ahead = RawSession.attachment(holder.started()).setLastZxid(1L << 60).build();
      try (RawSession stranger = RawSession.attach(ensemble.server(2), ahead)) {
        assertThat(stranger.end()).isEqualTo("BEHIND");
      }
    }
  }

  @Test
  void aFrameThatBreaksTheRulesEndsItsStreamAndNotItsSession() {
    ClientFrame again =
        ClientFrame.newBuilder().setAttach(AttachSession.getDefaultInstance()).build();
    ClientFrame withoutKind =
        ClientFrame.newBuilder().addRequests(SessionRequest.getDefaultInstance()).build();
    ClientFrame withoutCxid =
        ClientFrame.newBuilder().addRequests(create(0, CreateMode.PERSISTENT)).build();
    try (RawSession holder = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS)) {
      for (ClientFrame wrong : new ClientFrame[] {again, withoutKind, withoutCxid}) {
        try (RawSession clumsy = RawSession.attach(ensemble.server(1), holder.started())) {
          clumsy.started();
          clumsy.send(wrong);
          assertThat(clumsy.end()).as("%s", wrong).isEqualTo("BAD_ARGUMENTS");
        }
      }
      try (RawSession careful = RawSession.attach(ensemble.server(1), holder.started())) {
        careful.started();
        assertThat(careful.call(exists()).getExists().hasStat()).isFalse();
      }
    }
  }

  @Test
  void aRejectedReadEndsNoStream() {
    try (RawSession holder = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS)) {
      holder.started();
      SessionReply rejected =
          holder.call(
              SessionRequest.newBuilder()
                  .setXid(7)
                  .setExists(ExistsRequest.newBuilder().setPath("no/slash")));

      assertThat(rejected.getXid()).isEqualTo(7);
      assertThat(rejected.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_BAD_ARGUMENTS);
      assertThat(holder.call(exists()).hasExists()).isTrue();
    }
  }

  @Test
  void aSessionThatIsEndedByAnOperatorEndsItsStream() {
    try (RawSession holder = RawSession.open(ensemble.server(3), TIMEOUT_MILLIS)) {
      SessionStarted session = holder.started();
      holder.call(create(1, CreateMode.EPHEMERAL));

      TreeCalls.end(ensemble.server(1), session.getSessionId());

      assertThat(holder.end()).isEqualTo("SESSION_EXPIRED");
      await().atMost(Duration.ofSeconds(10)).until(() -> eye.exists(path).isEmpty());
      try (RawSession late = RawSession.attach(ensemble.server(1), session)) {
        assertThat(late.end()).isEqualTo("SESSION_EXPIRED");
      }
    }
  }
}
