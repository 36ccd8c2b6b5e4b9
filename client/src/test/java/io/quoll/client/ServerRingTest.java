package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerRingTest {
  private static final List<ServerAddress> SERVERS =
      List.of(
          new ServerAddress("one", 1), new ServerAddress("two", 2), new ServerAddress("three", 3));

  private final ServerRing ring = new ServerRing(SERVERS, false);

  @Test
  void serversAreTriedInTurnWithAPauseAfterEachRound() {
    long afterFirst = ring.failedNanos();
    long afterSecond = ring.failedNanos();
    long afterThird = ring.failedNanos();

    assertThat(afterFirst).isZero();
    assertThat(afterSecond).isZero();
    assertThat(afterThird).isPositive();
    assertThat(ring.current()).isEqualTo(SERVERS.get(0));
  }

  @Test
  void serversThatLoseTheClientAtOnceAreNotTriedWithoutAPause() {
    long pauses = 0;
    for (int i = 0; i < SERVERS.size(); i++) {
      ring.served(ServerRing.SERVED_NANOS_MIN - 1);
      pauses += ring.failedNanos();
    }

    assertThat(pauses).isPositive();
  }

  @Test
  void serverThatAnsweredIsLeftWithoutAPauseHoweverSoon() {
    long pauses = 0;
    for (int i = 0; i < SERVERS.size(); i++) {
      ring.succeeded();
      ring.served(1);
      pauses += ring.failedNanos();
    }

    assertThat(pauses).isZero();
  }

  @Test
  void serverThatServedForAWhileIsLeftWithoutAPause() {
    long unusedFirst = ring.failedNanos();
    long unusedSecond = ring.failedNanos();

    ring.served(ServerRing.SERVED_NANOS_MIN);

    assertThat(ring.failedNanos()).isZero();
  }

  @Test
  void patienceGrowsWithRoundsOfSilenceAndNotWithRefusals() {
    for (int i = 0; i < 100; i++) {
      long unused = ring.failedNanos();
    }
    long afterRefusals = ring.patienceMillis(1_000);

    SERVERS.forEach(server -> ring.silent());

    assertThat(afterRefusals).isEqualTo(1_000);
    assertThat(ring.patienceMillis(1_000)).isEqualTo(2_000);
  }

  @Test
  void patienceEndsWhenNoServerWouldStillAnswer() {
    for (int i = 0; i < 100; i++) {
      ring.silent();
    }

    assertThat(ring.patienceMillis(5_000)).isEqualTo(10_000);
  }
}
