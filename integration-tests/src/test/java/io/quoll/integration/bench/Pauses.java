package io.quoll.integration.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time that has to pass because it is measured. */
final class Pauses {
  private Pauses() {}

  static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
