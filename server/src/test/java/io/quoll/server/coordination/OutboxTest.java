package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.coordination.SessionItem.Event;
import io.quoll.server.coordination.SessionItem.Reply;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final AtomicLong published = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong woken = new AtomicLong();
  private final Outbox outbox = new Outbox(Identities.NONE, published::get, woken::incrementAndGet);

  private static WatchEvent event(long zxid) {
    return new WatchEvent(WatchEvent.Type.NODE_DATA_CHANGED, ZnodePath.of("/a"), zxid);
  }

  private static Reply reply() {
    return new Reply(1, 10, new SessionReply.WatchAdded());
  }

  private List<SessionItem> items() {
    return outbox.take(Outbox.BYTES_MAX);
  }

  @Test
  void theReplyThatSetsAWatchComesBehindWhatTheWatchMissedAndAheadOfWhatItSees() {
    outbox.appendAhead(
        () -> {
          outbox.onEvent(event(11));
          outbox.onMissed(event(11));
          outbox.onSet();
          outbox.onEvent(event(12));
          return reply();
        });
    outbox.onEvent(event(13));

    assertThat(items())
        .containsExactly(
            new Event(event(11), false),
            new Event(event(11), true),
            reply(),
            new Event(event(12), false),
            new Event(event(13), false));
  }

  @Test
  void anEventCannotBeTakenBeforeReadersSeeItsChange() {
    published.set(10);
    outbox.append(reply());
    outbox.onEvent(event(11));
    outbox.append(reply());

    assertThat(items()).containsExactly(reply());
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.isDrained()).isFalse();
    assertThat(woken).hasValue(0);
    published.set(11);
    outbox.onPublished();

    assertThat(woken).hasValue(1);
    assertThat(items()).containsExactly(new Event(event(11), false), reply());
  }

  @Test
  void watchesThatAreSetAgainHoldNothingBack() {
    outbox.onMissed(event(11));
    outbox.onSet();
    outbox.onEvent(event(12));
    outbox.append(reply());

    assertThat(items())
        .containsExactly(new Event(event(11), true), new Event(event(12), false), reply());
  }
}
