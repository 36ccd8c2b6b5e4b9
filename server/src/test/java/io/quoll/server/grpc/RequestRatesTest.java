package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestRatesTest {
  private long nanos = 5;

  private final RequestRates rates =
      new RequestRates(
          10,
          3,
          new Ticker() {
            @Override
            public long read() {
              return nanos;
            }
          });

  @Test
  void aBurstIsTakenAndThenOneAtATime() {
    for (int i = 0; i < 3; i++) {
      assertThat(rates.tryTake("a", 1)).isZero();
    }

    assertThat(rates.tryTake("a", 1)).isEqualTo(millis(100));
    pass(40);
    assertThat(rates.tryTake("a", 1)).isEqualTo(millis(60));
    pass(60);
    assertThat(rates.tryTake("a", 1)).isZero();
    assertThat(rates.tryTake("a", 1)).isEqualTo(millis(100));
  }

  @Test
  void callersDoNotCountForEachOther() {
    rates.take("a", 3);

    assertThat(rates.tryTake("a", 1)).isPositive();
    assertThat(rates.tryTake("b", 1)).isZero();
  }

  @Test
  void whatWasMadeAlreadyIsOwedAndPaidOffInTime() {
    assertThat(rates.take("a", 3)).isZero();
    assertThat(rates.take("a", 20)).isEqualTo(millis(2_000));

    pass(1_500);
    assertThat(rates.take("a", 0)).isEqualTo(millis(500));
    assertThat(rates.tryTake("a", 1)).isEqualTo(millis(600));
    pass(500);
    assertThat(rates.take("a", 0)).isZero();
  }

  @Test
  void aPauseFillsNoMoreThanTheBurst() {
    pass(60_000);

    assertThat(rates.take("a", 3)).isZero();
    assertThat(rates.tryTake("a", 1)).isPositive();
  }

  @Test
  void withoutALimitNobodyWaits() {
    RequestRates unlimited = RequestRates.unlimited();

    assertThat(unlimited.isLimited()).isFalse();
    assertThat(unlimited.take("a", 1_000_000)).isZero();
    assertThat(unlimited.tryTake("a", 1_000_000)).isZero();
  }

  private void pass(long millis) {
    nanos += millis(millis);
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
