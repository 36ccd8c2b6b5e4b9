package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.grpc.ConnectionCount.Admission;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ConnectionCountTest {
  @Test
  void anAddressHasItsLimitAndTheServerAnother() {
    ConnectionCount count = new ConnectionCount(2, 3);

    assertThat(count.come(from("10.0.0.1", 1))).isEqualTo(Admission.WELCOME);
    assertThat(count.come(from("10.0.0.1", 2))).isEqualTo(Admission.WELCOME);
    assertThat(count.come(from("10.0.0.1", 3))).isEqualTo(Admission.TOLD);
    assertThat(count.come(from("10.0.0.2", 1))).isEqualTo(Admission.WELCOME);
    assertThat(count.come(from("10.0.0.3", 1))).isEqualTo(Admission.TOLD);

    assertThat(count.refusal(from("10.0.0.1", 3)).orElseThrow())
        .isEqualTo(
            "10.0.0.1 has 2 connections to this server, and may have no more (maxClientCnxns)");
    assertThat(count.refusal(from("10.0.0.3", 1)).orElseThrow()).contains("maxCnxns");
    assertThat(count.refusal(from("10.0.0.1", 1))).isEmpty();
  }

  @Test
  void whoEndsMakesRoom() {
    ConnectionCount count = new ConnectionCount(1, 0);
    count.come(from("10.0.0.1", 1));
    count.come(from("10.0.0.1", 2));

    count.gone(from("10.0.0.1", 2));
    assertThat(count.come(from("10.0.0.1", 3))).isEqualTo(Admission.TOLD);
    count.gone(from("10.0.0.1", 1));

    assertThat(count.come(from("10.0.0.1", 4))).isEqualTo(Admission.WELCOME);
    assertThat(count.size()).isEqualTo(1);
  }

  @Test
  void onlySoManyAreToldAndTheOthersAreClosedAtOnce() {
    ConnectionCount count = new ConnectionCount(0, 1);
    count.come(from("10.0.0.1", 1));
    for (int port = 1; port <= ConnectionCount.TOLD_MAX; port++) {
      assertThat(count.come(from("10.0.0.2", port))).isEqualTo(Admission.TOLD);
    }

    assertThat(count.come(from("10.0.0.2", 5_000))).isEqualTo(Admission.CLOSED);
  }

  @Test
  void zeroIsNoLimit() {
    ConnectionCount count = new ConnectionCount(0, 0);

    for (int port = 1; port <= 1_000; port++) {
      assertThat(count.come(from("10.0.0.1", port))).isEqualTo(Admission.WELCOME);
    }
  }

  private static InetSocketAddress from(String address, int port) {
    return new InetSocketAddress(address, port);
  }
}
