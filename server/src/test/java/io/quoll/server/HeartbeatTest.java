package io.quoll.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.server.Heartbeat.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final Duration WATCHDOG = Duration.ofSeconds(30);

  private final List<String> notices = new ArrayList<>();
  private long nowNanos = SECONDS.toNanos(100);
  private long loopsNanos = nowNanos;
  private long applyNanos = nowNanos;

  private final Heartbeat heartbeat =
      new Heartbeat(
          new Supervisor(notices::add, Optional.of(WATCHDOG)),
          ImmutableList.of(
              new Part("loops", () -> loopsNanos), new Part("apply", () -> applyNanos)),
          () -> "as it should",
          () -> nowNanos);

  @Test
  void aNodeWhosePartsAllGetOnIsSaidToBeAlive() {
    heartbeat.beat();

    assertThat(notices).containsExactly("WATCHDOG=1\nSTATUS=as it should");
  }

  @Test
  void aPartMayStandStillForHalfOfWhatTheSupervisorWaits() {
    loopsNanos = nowNanos;
    applyNanos = nowNanos;
    nowNanos += WATCHDOG.toNanos() / 2;

    heartbeat.beat();

    assertThat(notices).containsExactly("WATCHDOG=1\nSTATUS=as it should");
  }

  @Test
  void aNodeIsNotSaidToBeAliveWhileOneOfItsPartsStandsStill() {
    nowNanos += SECONDS.toNanos(16);
    loopsNanos = nowNanos;

    heartbeat.beat();

    assertThat(notices).containsExactly("STATUS=Not alive: apply: nothing moved for 16 s");
  }

  @Test
  void aPartThatGetsOnAgainIsForgiven() {
    nowNanos += SECONDS.toNanos(16);
    loopsNanos = nowNanos;
    heartbeat.beat();
    applyNanos = nowNanos;

    heartbeat.beat();

    assertThat(notices).last().isEqualTo("WATCHDOG=1\nSTATUS=as it should");
  }
}
