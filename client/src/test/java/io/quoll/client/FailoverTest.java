package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailoverTest {
  private static final ByteString DATA = ByteString.copyFromUtf8("data");

  private final FakeTree tree = new FakeTree();
  private final FakeServer first = FakeServer.start(tree);
  private final FakeServer second = FakeServer.start(tree);
  private final ClientOptions options =
      ClientOptions.of(first.address() + "," + second.address())
          .withRequestTimeout(Duration.ofSeconds(10))
          .withUnreachablePatience(Duration.ofMillis(300));
  private final QuollClient client = QuollClient.open(options);

  @AfterEach
  void close() {
    client.close();
    first.close();
    second.close();
  }

  @Test
  void callsThatWereNeverSentGoToTheNextServer() {
    first.close();

    client.create("/a", DATA, CreateMode.PERSISTENT);

    assertThat(client.data("/a").data()).isEqualTo(DATA);
    assertThat(second.asked()).isEqualTo(2);
  }

  @Test
  void readUnderWayIsAskedAgainOnTheNextServer() {
    client.create("/a", DATA, CreateMode.PERSISTENT);
    first.mute();
    CompletableFuture<ZnodeData> read = client.async().data("/a");
    Awaitility.await().until(() -> first.asked() == 2);

    first.close();

    assertThat(read.join().data()).isEqualTo(DATA);
  }

  @Test
  void readThatGetsNoAnswerIsAskedAgainOnTheNextServer() {
    first.mute();
    try (QuollClient hasty = QuollClient.open(options.withRequestTimeout(Duration.ofSeconds(2)))) {
      assertThat(hasty.exists("/")).isPresent();
    }

    assertThat(second.asked()).isEqualTo(1);
  }

  @Test
  void writeUnderWayIsNotSentAgainAndItsOutcomeIsUnknown() {
    first.mute();
    CompletableFuture<Created> write = client.async().create("/a", DATA, CreateMode.PERSISTENT);
    Awaitility.await().until(() -> first.asked() == 1);

    first.close();

    QuollException failure = QuollException.in(catchThrowableOfType(Exception.class, write::join));
    assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN);
    assertThat(second.asked()).isZero();
    client.create("/b", DATA, CreateMode.PERSISTENT);
    assertThat(second.asked()).isEqualTo(1);
  }

  @Test
  void writeThatGetsNoAnswerTimesOutWithItsOutcomeUnknown() {
    first.mute();
    try (QuollClient hasty = QuollClient.open(options.withRequestTimeout(Duration.ofMillis(500)))) {
      QuollException failure =
          catchThrowableOfType(
              QuollException.class, () -> hasty.create("/a", DATA, CreateMode.PERSISTENT));

      assertThat(failure.code()).isEqualTo(ErrorCode.TIMED_OUT);
      assertThat(failure.applied()).isEqualTo(Applied.UNKNOWN);
    }
  }

  @Test
  void writeThatTheServerRefusesToServeGoesToTheNext() {
    first.refuse("NO_QUORUM");

    client.create("/a", DATA, CreateMode.PERSISTENT);

    assertThat(first.asked()).isEqualTo(1);
    assertThat(second.asked()).isEqualTo(1);
  }

  @Test
  void refusalThatLastsIsToldAtTheTimeout() {
    first.refuse("NO_QUORUM");
    second.refuse("NO_QUORUM");
    try (QuollClient hasty = QuollClient.open(options.withRequestTimeout(Duration.ofMillis(500)))) {
      QuollException failure =
          catchThrowableOfType(QuollException.class, () -> hasty.delete("/a", 0));

      assertThat(failure.code()).isEqualTo(ErrorCode.NO_QUORUM);
      assertThat(failure.applied()).isEqualTo(Applied.NO);
    }
  }

  @Test
  void whenNoServerCanBeReachedTheErrorNamesThemAll() {
    first.close();
    second.close();

    QuollException failure = catchThrowableOfType(QuollException.class, () -> client.data("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(failure.applied()).isEqualTo(Applied.NO);
    assertThat(failure)
        .hasMessageContaining(first.address())
        .hasMessageContaining(second.address())
        .hasMessageContaining("refused");
  }

  @Test
  void readsAskForWhatThisClientHasSeenOnAnyServer() {
    client.create("/a", DATA, CreateMode.PERSISTENT);
    client.setData("/a", DATA, Write.ANY_VERSION);
    first.close();

    client.data("/a");

    assertThat(second.lastMinZxid()).isEqualTo(2);
  }
}
