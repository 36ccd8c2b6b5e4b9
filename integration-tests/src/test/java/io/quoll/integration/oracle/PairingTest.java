package io.quoll.integration.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairingTest {
  private final Pairing pairing = new Pairing();

  @Test
  void zxidsThatComeInTheSameOrderAreNoDifference() {
    assertThat(pairing.difference(at(7), at(1))).isEmpty();
    assertThat(pairing.difference(at(9), at(2))).isEmpty();
    assertThat(pairing.difference(at(8), at(2))).isPresent();
    assertThat(pairing.difference(at(7), at(1))).isEmpty();
  }

  @Test
  void aZxidThatCameWithAnotherIsADifference() {
    assertThat(pairing.difference(at(7), at(1))).isEmpty();

    assertThat(pairing.difference(at(7), at(2))).isPresent();
  }

  @Test
  void zxidsInAnotherOrderAreADifference() {
    assertThat(pairing.difference(at(7), at(5))).isEmpty();

    assertThat(pairing.difference(at(8), at(4))).isPresent();
  }

  @Test
  void aZxidWithAnotherTimeThanBeforeIsADifference() {
    assertThat(pairing.difference(at(7, 1_000), at(5, 2_000))).isEmpty();

    assertThat(pairing.difference(at(7, 1_000), at(5, 2_001))).isPresent();
  }

  @Test
  void eventsInAnotherOrderAreADifference() {
    Seen created = Seen.of("NodeCreated /a");
    Seen deleted = Seen.of("NodeDeleted /a");

    assertThat(pairing.difference(List.of(created, deleted), List.of(deleted, created)))
        .isPresent();
  }

  @Test
  void anEventThatIsMissingIsADifference() {
    Seen created = Seen.of("NodeCreated /a");

    assertThat(pairing.difference(List.of(created), List.of())).isPresent();
  }

  @Test
  void whenASessionIsClosedTheOrderWithinAZxidIsNoDifference() {
    Seen one = event("NodeDeleted /a", 7);
    Seen other = event("NodeDeleted /b", 7);
    Seen later = event("NodeDeleted /c", 8);

    assertThat(pairing.differenceAfterClose(List.of(one, other, later), List.of(other, one, later)))
        .isEmpty();
    assertThat(pairing.differenceAfterClose(List.of(one, later), List.of(later, one))).isPresent();
    assertThat(pairing.differenceAfterClose(List.of(one, later), List.of(one))).isPresent();
  }

  private static Seen event(String text, long zxid) {
    return new Seen(text, at(zxid).moments()).toldTo(0);
  }

  private static Seen at(long zxid) {
    return at(zxid, Seen.NO_TIME);
  }

  private static Seen at(long zxid, long timeMillis) {
    return new Seen("OK", ImmutableList.of(new Seen.Moment(zxid, timeMillis)));
  }
}
