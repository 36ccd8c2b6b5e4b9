package io.quoll.integration.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quoll.integration.Form;
import org.junit.jupiter.api.Test;

/** The suite {@code crash}, in short; skipped where there is no gcc. */
class CrashIT {
  @Test
  void nothingIsLostAndNothingDamagedIsServedWhereverAServerEnds() {
    assumeThat(Preload.library()).as("gcc is there").isPresent();
    String seed = Long.toString(Form.random("CrashIT").nextLong());

    int status =
        Crash.run(
            "--seed", seed, "--seconds", "" + Form.of(30, 600), "--folder", "target/crash-it");

    assertThat(status).as("the verdict above, with its evidence").isZero();
  }
}
