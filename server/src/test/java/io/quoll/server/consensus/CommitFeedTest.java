package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.store.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitFeedTest {
  private static final Position POSITION = new Position(3, 7);

  private final CommitFeed feed = new CommitFeed(() -> 2);
  private final FakeCall one = new FakeCall();
  private final FakeCall other = new FakeCall();

  @Test
  void allWhoAskedAreTold() {
    feed.accept(1, one);
    assertThat(feed.tells(1)).isTrue();
    assertThat(feed.tellsAll()).isFalse();
    feed.accept(2, other);
    assertThat(feed.tellsAll()).isTrue();

    feed.tell(POSITION);

    assertThat(positions(one)).containsExactly(POSITION);
    assertThat(positions(other)).containsExactly(POSITION);
  }

  @Test
  void whoTakesNothingForNowIsNotToldOfWhatWillBeOld() {
    one.ready = false;
    feed.accept(1, one);

    feed.tell(POSITION);

    assertThat(one.said).isEmpty();
  }

  @Test
  void whoEndsTheStreamIsToldNoMore() {
    feed.accept(1, one);

    one.cancel();
    feed.tell(POSITION);

    assertThat(feed.tells(1)).isFalse();
    assertThat(one.said).isEmpty();
  }

  @Test
  void aNewStreamTakesThePlaceOfTheMembersFormer() {
    feed.accept(1, one);

    feed.accept(1, other);
    one.cancel();
    feed.tell(POSITION);

    assertThat(one.completed).isTrue();
    assertThat(feed.tells(1)).isTrue();
    assertThat(positions(other)).containsExactly(POSITION);
  }

  private static List<Position> positions(FakeCall call) {
    return call.said.stream().map(PeerMessages::decodePosition).toList();
  }
}
