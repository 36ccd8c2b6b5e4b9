package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderPresenceTest {
  private static final int LEADER = 1;

  private final List<FakeStream> streams = new ArrayList<>();
  private int gone;
  private final LeaderPresence presence = new LeaderPresence(this::open, () -> gone++);

  private record FakeStream(int leaderId, Runnable onWord, Runnable onEnd) {}

  private Runnable open(int leaderId, Runnable onWord, Runnable onEnd) {
    streams.add(new FakeStream(leaderId, onWord, onEnd));
    return () -> {};
  }

  private FakeStream last() {
    return streams.get(streams.size() - 1);
  }

  @Test
  void aLeaderIsGoneWhenItsStreamEndedAndNoOtherCanBeOpened() {
    presence.follow(LEADER);
    last().onWord().run();

    last().onEnd().run();
    last().onEnd().run();

    assertThat(presence.isGone(LEADER)).isTrue();
    assertThat(gone).isEqualTo(1);
    assertThat(streams).hasSize(2);
  }

  @Test
  void aLeaderThatAnswersOnAnotherStreamIsNotGone() {
    presence.follow(LEADER);

    last().onEnd().run();
    last().onWord().run();
    last().onEnd().run();

    assertThat(presence.isGone(LEADER)).isFalse();
    assertThat(gone).isZero();
  }

  @Test
  void aLeaderThatWasGoneIsThereAgainWithItsNextWord() {
    presence.follow(LEADER);
    last().onEnd().run();
    last().onEnd().run();

    presence.follow(LEADER);
    last().onWord().run();

    assertThat(presence.isGone(LEADER)).isFalse();
  }

  @Test
  void anotherLeaderIsNotGoneBecauseTheOneBeforeWas() {
    presence.follow(LEADER);
    last().onEnd().run();
    last().onEnd().run();

    presence.follow(2);

    assertThat(presence.isGone(2)).isFalse();
    assertThat(presence.isGone(LEADER)).isFalse();
    assertThat(last().leaderId()).isEqualTo(2);
  }

  @Test
  void theEndOfAStreamThatWasLeftSaysNothing() {
    presence.follow(LEADER);
    FakeStream left = last();
    presence.follow(2);

    left.onEnd().run();
    left.onEnd().run();

    assertThat(presence.isGone(2)).isFalse();
    assertThat(streams).hasSize(2);
  }

  @Test
  void nobodyIsFollowedAfterTheClose() {
    presence.follow(LEADER);

    presence.close();
    presence.follow(LEADER);

    assertThat(streams).hasSize(1);
  }
}
