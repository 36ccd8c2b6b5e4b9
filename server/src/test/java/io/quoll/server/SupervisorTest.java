package io.quoll.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final long PROCESS = 42;

  @Test
  void theWatchdogWaitsAsLongAsTheEnvironmentSays() {
    assertThat(Supervisor.watchdog(Map.of("WATCHDOG_USEC", "30000000"), PROCESS))
        .contains(Duration.ofSeconds(30));
  }

  @Test
  void aWatchdogOfAnotherProcessIsNotMeant() {
    Map<String, String> environment = Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "41");

    assertThat(Supervisor.watchdog(environment, PROCESS)).isEmpty();
    assertThat(Supervisor.watchdog(environment, 41)).contains(Duration.ofSeconds(30));
  }

  @Test
  void withoutATimeThatMakesSenseThereIsNoWatchdog() {
    for (String micros : new String[] {"", "0", "-1", "soon", "99999999999999999999"}) {
      assertThat(Supervisor.watchdog(Map.of("WATCHDOG_USEC", micros), PROCESS)).isEmpty();
    }
    assertThat(Supervisor.watchdog(Map.of(), PROCESS)).isEmpty();
  }

  @Test
  void aServerGoesOnWithoutASupervisorThatCannotBeReached(@TempDir Path directory) {
    Map<String, String> environment =
        Map.of(
            "NOTIFY_SOCKET", directory.resolve("nobody").toString(), "WATCHDOG_USEC", "30000000");

    Supervisor supervisor = Supervisor.of(environment, PROCESS);

    supervisor.ready();
    assertThat(supervisor.watchdog()).isEmpty();
  }
}
