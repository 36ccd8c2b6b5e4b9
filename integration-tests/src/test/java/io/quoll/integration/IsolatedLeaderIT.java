package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.Role;
import io.quoll.client.Applied;
import io.quoll.client.Consistency;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import io.quoll.client.ZnodeData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A leader that is cut off from the others, by stopping one side in its tracks. */
class IsolatedLeaderIT {
  private static final int NEWEST = 50;
  // What the issue asks for is 3 s from when the others fall silent; the rest is for slow machines.
  private static final Duration STEP_DOWN_MAX = Duration.ofSeconds(5);

  private static Ensemble ensemble;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("isolated-leader");
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void aLeaderThatWasStoppedInItsTracksServesNoStaleStrictReadAndLosesNoAcknowledgedWrite()
      throws Exception {
    ServerProcess old = ensemble.leader();
    try (QuollClient atOld = Ensemble.strictClientOf(old);
        QuollClient atOthers = Ensemble.client(ensemble.allBut(old), Consistency.LOCAL)) {
      atOld.create("/newest", number(0), CreateMode.PERSISTENT);
      atOld.create("/late", null, CreateMode.PERSISTENT);

      old.pause();
      List<CompletableFuture<ZnodeData>> reads = new ArrayList<>();
      List<CompletableFuture<?>> writes = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        writes.add(atOld.async().create("/late/" + i, number(i), CreateMode.PERSISTENT));
      }
      for (int i = 1; i <= NEWEST; i++) {
        atOthers.setData("/newest", number(i), Write.ANY_VERSION);
      }
      for (int i = 0; i < 20; i++) {
        reads.add(atOld.async().data("/newest"));
      }
      old.resume();
      for (int i = 0; i < 20; i++) {
        reads.add(atOld.async().data("/newest"));
      }

      for (CompletableFuture<ZnodeData> read : reads) {
        assertThat(answer(read).map(ZnodeData::data)).isIn(Optional.empty(), newest());
      }
      assertThat(atOld.data("/newest").data()).isEqualTo(number(NEWEST));
      for (int i = 0; i < writes.size(); i++) {
        requireTold(writes.get(i), atOthers, "/late/" + i);
      }
      ensemble.awaitSameDigest();
    }
  }

  private static Optional<ByteString> newest() {
    return Optional.of(number(NEWEST));
  }

  private static <T> Optional<T> answer(CompletableFuture<T> call) throws Exception {
    call.handle((reply, failure) -> 0).get(60, TimeUnit.SECONDS);
    return call.isCompletedExceptionally() ? Optional.empty() : Optional.of(call.join());
  }

  private static void requireTold(CompletableFuture<?> write, QuollClient reader, String path)
      throws Exception {
    Applied told =
        write
            .handle(
                (reply, failure) ->
                    failure == null ? Applied.YES : QuollException.in(failure).applied())
            .get(60, TimeUnit.SECONDS);
    reader.sync("/");
    boolean exists = reader.exists(path).isPresent();
    assertThat(told)
        .as("%s exists: %s", path, exists)
        .isNotEqualTo(exists ? Applied.NO : Applied.YES);
  }

  @Test
  void aBusyLeaderThatNobodyFollowsStopsServingSoon() throws Exception {
    ServerProcess leader = ensemble.leader();
    List<ServerProcess> others = ensemble.allBut(leader);
    try (QuollClient client = Ensemble.strictClientOf(leader)) {
      client.create("/busy", null, CreateMode.PERSISTENT);

      others.forEach(ServerProcess::pause);
      long paused = System.nanoTime();
      CompletableFuture<?> write = client.async().setData("/busy", number(1), Write.ANY_VERSION);
      CompletableFuture<ZnodeData> read = client.async().data("/busy");
      await("the leader gives up")
          .atMost(STEP_DOWN_MAX)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !isLeader(client, leader));
      System.out.printf(
          "A leader without followers gave up after %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - paused));

      assertThat(write.isDone() && !write.isCompletedExceptionally()).isFalse();
      assertThat(read.isDone() && !read.isCompletedExceptionally()).isFalse();
      others.forEach(ServerProcess::resume);
      ensemble.leader();
      client.setData("/busy", number(2), Write.ANY_VERSION);
      ensemble.awaitSameDigest();
    }
  }

  // Each look also asks for a write, so that the leader stays busy.
  private static boolean isLeader(QuollClient client, ServerProcess server) {
    var unused = client.async().setData("/busy", number(1), Write.ANY_VERSION);
    return server.standing().orElseThrow().getRole() == Role.LEADER;
  }

  private static ByteString number(int number) {
    return ByteString.copyFromUtf8(Integer.toString(number));
  }
}
