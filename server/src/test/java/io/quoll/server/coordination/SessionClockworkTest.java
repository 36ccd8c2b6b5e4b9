package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionClockworkTest {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final List<ExitCode> halts = new CopyOnWriteArrayList<>();
  private final SessionClockwork clockwork =
      new SessionClockwork((code, message, cause) -> halts.add(code));

  @AfterEach
  void close() {
    clockwork.close();
  }

  @Test
  void eachStepIsCalledAgainAndAgain() throws InterruptedException {
    CountDownLatch calls = new CountDownLatch(5);

    clockwork.run(INTERVAL, calls::countDown);

    assertThat(calls.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(halts).isEmpty();
  }

  @Test
  void aStepThatFailsEndsTheProcess() {
    clockwork.run(
        INTERVAL,
        () -> {
          throw new IllegalStateException("a defect");
        });

    await().atMost(Duration.ofSeconds(20)).until(() -> halts.contains(ExitCode.UNEXPECTED));
  }

  @Test
  void aDiskThatFailsEndsTheProcessWithItsOwnStatus() {
    clockwork.run(
        INTERVAL,
        () -> {
          throw new UncheckedIOException(new IOException("the disk is gone"));
        });

    await().atMost(Duration.ofSeconds(20)).until(() -> halts.contains(ExitCode.STORAGE_FAILED));
  }

  @Test
  void afterCloseNothingIsCalled() {
    AtomicInteger calls = new AtomicInteger();
    clockwork.run(INTERVAL, calls::incrementAndGet);
    await().atMost(Duration.ofSeconds(20)).until(() -> calls.get() > 0);

    clockwork.close();

    int before = calls.get();
    await()
        .during(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(20))
        .until(() -> calls.get() == before);
    assertThat(halts).isEmpty();
  }
}
