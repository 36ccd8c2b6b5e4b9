package io.quoll.integration.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.integration.Form;
import org.junit.jupiter.api.Test;

/** The suite {@code faults}, in short; skipped where no hosts can be made. */
class FaultsIT {
  @Test
  void nothingIsLostAndEverythingIsToldOnceWhateverHappensToServers() {
    String seed = Long.toString(Form.random("FaultsIT").nextLong());

    int status =
        Faults.run(
            "--seed", seed, "--seconds", "" + Form.of(60, 600), "--folder", "target/faults-it");

    assertThat(status).as("the verdict above, with its evidence").isZero();
  }
}
