package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.store.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CommitFollowerTest {
  private static final int LEADER = 2;

  private final List<FakeStream> streams = new ArrayList<>();
  private final Queue<Later> later = new ArrayDeque<>();
  private final List<Position> learned = new ArrayList<>();
  private final CommitFollower follower =
      new CommitFollower(this::open, this::learn, this::delayed);
  private long onDisk;

  @Test
  void whatTheLeaderSaysIsLearnedAtOnce() {
    onDisk = 9;
    follower.follow(LEADER);

    streams.get(0).say(7);

    assertThat(learned).containsExactly(new Position(1, 7));
    assertThat(later).isEmpty();
  }

  @Test
  void whatIsNotOnDiskYetIsLearnedOnceItIs() {
    follower.follow(LEADER);
    streams.get(0).say(7);
    runLater();
    assertThat(learned).isEmpty();

    onDisk = 7;
    runLater();

    assertThat(learned).containsExactly(new Position(1, 7));
    assertThat(later).isEmpty();
  }

  @Test
  void onlyTheLastThatWaitsIsTriedAgain() {
    follower.follow(LEADER);
    streams.get(0).say(7);
    streams.get(0).say(8);
    onDisk = 8;

    runLater();

    assertThat(learned).containsExactly(new Position(1, 8));
    assertThat(later).isEmpty();
  }

  @Test
  void whatDoesNotComeToDiskIsGivenUpAfterSomeTries() {
    follower.follow(LEADER);
    streams.get(0).say(7);

    int tries = 0;
    while (!later.isEmpty()) {
      tries++;
      runLater();
    }

    assertThat(tries).isBetween(5, 12);
    streams.get(0).say(8);
    assertThat(later).hasSize(1);
  }

  @Test
  void theTriesComeFurtherAndFurtherApart() {
    follower.follow(LEADER);
    streams.get(0).say(7);
    Duration first = later.element().delay();

    runLater();

    assertThat(later.element().delay()).isEqualTo(first.multipliedBy(2));
  }

  @Test
  void aStreamThatEndsIsOpenedAgainAfterAWhile() {
    follower.follow(LEADER);

    streams.get(0).end();
    assertThat(streams).hasSize(1);
    runLater();

    assertThat(streams).hasSize(2);
    assertThat(streams.get(1).leader).isEqualTo(LEADER);
  }

  @Test
  void withAnotherLeaderTheFormerIsNoLongerHeard() {
    onDisk = 9;
    follower.follow(LEADER);

    follower.follow(3);
    streams.get(0).say(7);

    assertThat(streams).hasSize(2);
    assertThat(streams.get(0).closed).isTrue();
    assertThat(learned).isEmpty();
  }

  @Test
  void theLeaderItselfHearsNobody() {
    follower.follow(LEADER);

    follower.follow(0);
    streams.get(0).end();

    assertThat(streams).hasSize(1);
    assertThat(later).isEmpty();
  }

  @Test
  void nothingIsOpenedOrTriedAfterItIsClosed() {
    follower.follow(LEADER);
    streams.get(0).say(7);

    follower.close();
    runLater();
    follower.follow(3);

    assertThat(streams).hasSize(1);
    assertThat(streams.get(0).closed).isTrue();
    assertThat(later).isEmpty();
  }

  private void runLater() {
    later.remove().task().run();
  }

  private Executor delayed(Duration delay) {
    return task -> later.add(new Later(delay, task));
  }

  private boolean learn(int leaderId, Position position) {
    assertThat(leaderId).isEqualTo(LEADER);
    if (position.index() > onDisk) {
      return false;
    }
    learned.add(position);
    return true;
  }

  private Runnable open(int leaderId, Consumer<Position> onCommitted, Runnable onEnd) {
    FakeStream stream = new FakeStream(leaderId, onCommitted, onEnd);
    streams.add(stream);
    return () -> stream.closed = true;
  }

  private record Later(Duration delay, Runnable task) {}

  private static final class FakeStream {
    private final int leader;
    private final Consumer<Position> onCommitted;
    private final Runnable onEnd;
    private boolean closed;

    FakeStream(int leader, Consumer<Position> onCommitted, Runnable onEnd) {
      this.leader = leader;
      this.onCommitted = onCommitted;
      this.onEnd = onEnd;
    }

    void say(long index) {
      onCommitted.accept(new Position(1, index));
    }

    void end() {
      onEnd.run();
    }
  }
}
