package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientOptionsTest {
  @Test
  void connectStringHoldsServersWithOrWithoutPortAndAChroot() {
    ClientOptions options = ClientOptions.of("one:1, two,[::1]:3/app/x");

    assertThat(options.servers())
        .containsExactly(
            new ServerAddress("one", 1),
            new ServerAddress("two", 7181),
            new ServerAddress("::1", 3));
    assertThat(options.chroot()).isEqualTo("/app/x");
  }

  @Test
  void chrootAtTheRootIsNone() {
    assertThat(ClientOptions.of("one/").chroot()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one:x", "one:70000", "one,,two", "one:0", "one/app/"})
  void malformedConnectStringIsRefused(String text) {
    assertThatThrownBy(() -> ClientOptions.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"");
  }
}
