package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactlyOnceTest {
  private static final int WRITES = 3_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void pipelinedWritesAreAppliedOnceAndInOrderWhateverIsLost(long seed) {
    Random random = new Random(seed);
    FakeTree tree = new FakeTree();
    List<FakeServer> servers = List.of(FakeServer.start(tree), FakeServer.start(tree));
    SessionOptions options =
        SessionOptions.of(servers.get(0).address() + "," + servers.get(1).address())
            .withRequestTimeout(Duration.ofMinutes(1));
    try (QuollSession session = QuollSession.open(options)) {
      session.create("/counter", null, CreateMode.PERSISTENT);
      AtomicBoolean isOver = new AtomicBoolean();
      Thread saboteur = new Thread(() -> sabotage(servers, random, isOver));
      saboteur.start();

      List<Integer> order = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<Integer>> versions = new ArrayList<>();
      for (int i = 0; i < WRITES; i++) {
        int number = i;
        versions.add(
            session
                .async()
                .setData("/counter", ByteString.copyFromUtf8("" + i), Write.ANY_VERSION)
                .thenApply(
                    stat -> {
                      order.add(number);
                      return stat.version();
                    }));
      }
      CompletableFuture.allOf(versions.toArray(CompletableFuture<?>[]::new))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      isOver.set(true);
      servers.forEach(server -> server.loseReplies(false));

      for (int i = 0; i < WRITES; i++) {
        assertThat(versions.get(i).join()).as("seed %d, write %d", seed, i).isEqualTo(i + 1);
      }
      assertThat(order).as("seed %d", seed).isSorted().hasSize(WRITES);
      assertThat(session.exists("/counter").get().version()).isEqualTo(WRITES);
    } finally {
      servers.forEach(FakeServer::close);
    }
  }

  private static void sabotage(List<FakeServer> servers, Random random, AtomicBoolean isOver) {
    while (!isOver.get()) {
      FakeServer server = servers.get(random.nextInt(servers.size()));
      switch (random.nextInt(4)) {
        case 0 -> server.cutStreamAfter(1 + random.nextInt(300));
        case 1 -> server.loseReplies(true);
        case 2 -> server.refuseWrites(1, io.quoll.api.v1.ErrorCode.ERROR_CODE_CXID_GAP);
        default -> server.cutStreams();
      }
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      servers.forEach(
          other -> {
            other.cutStreams();
            other.loseReplies(false);
          });
      java.util.concurrent.locks.LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(random.nextInt(10)));
    }
  }
}
