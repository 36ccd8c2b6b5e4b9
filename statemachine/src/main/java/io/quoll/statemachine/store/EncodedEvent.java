package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.EventCodec;
import io.quoll.statemachine.state.Event;
import java.util.List;

/** An event in the bytes that stores keep. Every store counts by them, so that all trim alike. */
final class EncodedEvent {
  private final Event event;
  private final byte[] key;
  private final byte[] value;

  private EncodedEvent(Event event, int ordinal) {
    this.event = event;
    key = RocksKeys.event(event.zxid(), ordinal);
    value = EventCodec.encode(event);
  }

  /** {@code events}, which are in the order in which they happened. */
  static ImmutableList<EncodedEvent> all(List<Event> events) {
    ImmutableList.Builder<EncodedEvent> encoded = ImmutableList.builder();
    long zxid = -1;
    int ordinal = 0;
    for (Event event : events) {
      ordinal = event.zxid() == zxid ? ordinal + 1 : 0;
      zxid = event.zxid();
      encoded.add(new EncodedEvent(event, ordinal));
    }
    return encoded.build();
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  /** The time of the transaction that the event is a part of. */
  long timeMillis() {
    return event.timeMillis();
  }

  /** What the event takes, before compression. */
  long bytes() {
    return (long) key.length + value.length;
  }
}
