package io.quoll.server.consensus;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when a test says so. Thread-safe. */
final class FakeTicker extends Ticker {
  private final AtomicLong nanos = new AtomicLong();

  /** Lets {@code time} pass. */
  void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long read() {
    return nanos.get();
  }
}
