package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionWatchingTest {
  private final ExecutorService pool = HandlerQueue.pool(1);
  private final AtomicBoolean hasRoom = new AtomicBoolean();
  private final HandlerQueue queue = new HandlerQueue(pool, () -> hasRoom.set(true));
  private final SessionWatching watching = new SessionWatching(queue, new Chroot(""));
  private final RecordingHandler handler = new RecordingHandler();

  @AfterEach
  void close() {
    pool.shutdownNow();
  }

  private static io.quoll.api.v1.WatchEvent event(String path, long zxid) {
    return io.quoll.api.v1.WatchEvent.newBuilder()
        .setType(io.quoll.api.v1.EventType.EVENT_TYPE_NODE_DATA_CHANGED)
        .setPath(path)
        .setZxid(zxid)
        .build();
  }

  private static io.quoll.api.v1.WatchEvent missed(String path, long zxid) {
    return event(path, zxid).toBuilder().setMissed(true).build();
  }

  @Test
  void whatANewWatchMissedIsForThatWatchAlone() {
    RecordingHandler older = new RecordingHandler();
    watching.tables().add("/a", WatchMode.PERSISTENT, older);
    watching.replied(10);

    watching.event(event("/a", 11));
    watching.event(missed("/a", 11));
    watching.tables().addData("/a", handler);
    watching.replied(10);
    watching.event(event("/a", 12));

    Awaitility.await().untilAsserted(() -> assertThat(older.zxids()).containsExactly(11L, 12L));
    assertThat(handler.zxids()).containsExactly(11L);
  }

  @Test
  void whatANewRecursiveWatchMissedIsToldFromItsZnodeDownwards() {
    watching.event(missed("/a", 11));
    watching.event(missed("/a/b", 12));
    watching.event(missed("/ab", 13));
    watching.tables().add("/a", WatchMode.PERSISTENT_RECURSIVE, handler);
    watching.replied(10);
    watching.event(event("/a/b", 14));

    Awaitility.await()
        .untilAsserted(() -> assertThat(handler.zxids()).containsExactly(11L, 12L, 14L));
  }

  @Test
  void whatAWatchMissedThatCouldNotBeSetIsForNobody() {
    watching.tables().add("/a", WatchMode.PERSISTENT, handler);
    watching.replied(10);

    watching.event(missed("/a", 11));
    watching.replied(10);
    watching.event(event("/a", 12));

    Awaitility.await().untilAsserted(() -> assertThat(handler.zxids()).containsExactly(12L));
  }

  @Test
  void eventsThatFindTheQueueFullAreToldAsAGap() {
    CountDownLatch goOn = new CountDownLatch(1);
    queue.execute(() -> Uninterruptibles.awaitUninterruptibly(goOn));
    for (int i = 1; i < HandlerQueue.CALLS_MAX; i++) {
      queue.execute(() -> {});
    }
    watching.tables().add("/", WatchMode.PERSISTENT_RECURSIVE, handler);
    watching.tables().addData("/once", handler);

    watching.event(event("/a", 11));
    watching.event(event("/once", 12));
    watching.event(event("/a", 13));
    goOn.countDown();
    Awaitility.await().atMost(Duration.ofSeconds(10)).untilTrue(hasRoom);
    watching.handlersCaughtUp();
    watching.event(event("/a", 14));

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(handler.told())
                    .containsExactly("DATA_CHANGED /once", "DATA_CHANGED /a"));
    assertThat(handler.zxids()).containsExactly(12L, 14L);
    assertThat(handler.gaps()).containsExactly(new WatchGap(10, 13));
  }
}
