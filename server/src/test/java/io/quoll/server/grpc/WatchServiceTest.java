package io.quoll.server.grpc;

import static io.quoll.server.grpc.GrpcHarness.failureOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.EventType;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.WatchEvent;
import io.quoll.api.v1.WatchEvents;
import io.quoll.api.v1.WatchMode;
import io.quoll.api.v1.WatchRequest;
import io.quoll.api.v1.WatchResponse;
import io.quoll.api.v1.WatchResponse.ResponseCase;
import io.quoll.api.v1.WatchServiceGrpc;
import io.quoll.api.v1.WatchServiceGrpc.WatchServiceBlockingStub;
import io.quoll.server.grpc.GrpcHarness.Failure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WatchServiceTest {
  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  private WatchServiceBlockingStub watches() {
    return WatchServiceGrpc.newBlockingStub(grpc.channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static WatchRequest.Builder on(String path) {
    return WatchRequest.newBuilder().setPath(path);
  }

  private void setData(String path) {
    Object unused = grpc.tree().setData(SetDataRequest.newBuilder().setPath(path).build());
  }

  @Test
  void theFirstMessageSaysWhereTheWatchBegins() {
    grpc.tree("/app");

    WatchResponse first = watches().watch(on("/app").build()).next();

    assertThat(first.getStarted().getZxid()).isEqualTo(1);
    assertThat(first.getHeader().getZxid()).isEqualTo(1);
    assertThat(first.getHeader().getServerId()).isEqualTo(1);
  }

  @Test
  void eventsComeWithTheZxidAndTheTimeOfTheirChange() {
    grpc.tree("/app", "/app/a");
    setData("/app");
    Object unused = grpc.tree().delete(DeleteRequest.newBuilder().setPath("/app/a").build());

    Iterator<WatchResponse> responses = watches().watch(on("/app").setStartZxid(0).build());

    assertThat(responses.next().getResponseCase()).isEqualTo(ResponseCase.STARTED);
    List<WatchEvents> events = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      events.add(responses.next().getEvents());
    }
    assertThat(events).extracting(WatchEvents::getZxid).containsExactly(1L, 2L, 3L, 4L);
    assertThat(events).extracting(WatchEvents::getTimeMillis).doesNotContain(0L);
    assertThat(events).extracting(WatchEvents::getLast).containsOnly(true);
    assertThat(events)
        .extracting(group -> group.getEvents(0).getType())
        .containsExactly(
            EventType.EVENT_TYPE_NODE_CREATED,
            EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED,
            EventType.EVENT_TYPE_NODE_DATA_CHANGED,
            EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED);
    assertThat(events.get(0).getEvents(0).getPath()).isEqualTo("/app");
  }

  @Test
  void aRecursiveWatchTellsOfAllBelow() {
    grpc.tree("/app", "/app/a", "/app/a/b");

    Iterator<WatchResponse> responses =
        watches()
            .watch(
                on("/app")
                    .setMode(WatchMode.WATCH_MODE_PERSISTENT_RECURSIVE)
                    .setStartZxid(1)
                    .build());

    assertThat(responses.next().getStarted().getZxid()).isEqualTo(1);
    assertThat(responses.next().getEvents().getEvents(0).getPath()).isEqualTo("/app/a");
    assertThat(responses.next().getEvents().getEvents(0).getPath()).isEqualTo("/app/a/b");
  }

  @Test
  void theInitialStateComesBeforeTheEventsAfterIt() {
    grpc.tree("/app");
    Object unused =
        grpc.tree()
            .setData(
                SetDataRequest.newBuilder()
                    .setPath("/app")
                    .setData(ByteString.copyFromUtf8("x"))
                    .build());

    Iterator<WatchResponse> responses =
        watches().watch(on("/app").setInitialState(true).setWithData(true).build());
    long started = responses.next().getStarted().getZxid();
    WatchResponse state = responses.next();
    setData("/app");
    WatchResponse event = responses.next();

    assertThat(started).isEqualTo(2);
    assertThat(state.getState().getLast()).isTrue();
    assertThat(state.getState().getZnodes(0).getData().toStringUtf8()).isEqualTo("x");
    assertThat(state.getState().getZnodes(0).getStat().getVersion()).isEqualTo(1);
    assertThat(event.getEvents().getZxid()).isEqualTo(3);
  }

  @Test
  void aSilentWatchSendsBookmarks() {
    grpc.tree("/app", "/other");

    Iterator<WatchResponse> responses =
        watches().watch(on("/app").setBookmarkIntervalMillis(100).build());

    assertThat(responses.next().getStarted().getZxid()).isEqualTo(2);
    assertThat(responses.next().getBookmark().getZxid()).isEqualTo(2);
  }

  static List<WatchRequest> wrongRequests() {
    return List.of(
        on("app").build(),
        on("/app").setModeValue(17).build(),
        on("/app").setStartZxid(1).setInitialState(true).build(),
        on("/app").setWithData(true).build(),
        on("/app").setBookmarkIntervalMillis(99).build());
  }

  @ParameterizedTest
  @MethodSource("wrongRequests")
  void aFieldThatDoesNotFitIsABadArgument(WatchRequest request) {
    Failure failure = failureOf(() -> watches().watch(request).next());

    assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
  }

  @Test
  void aZxidThatTheServerDoesNotReachIsBehind() {
    Failure failure =
        failureOf(() -> watches().watch(on("/app").setStartZxid(1_000_000).build()).next());

    assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.info().getReason()).isEqualTo("BEHIND");
  }

  @Test
  void aServerThatStopsEndsTheWatchWithNotServing() {
    Iterator<WatchResponse> responses = watches().watch(on("/app").build());
    assertThat(responses.next().getResponseCase()).isEqualTo(ResponseCase.STARTED);

    grpc.feed.close();
    Failure failure = failureOf(responses::next);

    assertThat(failure.info().getReason()).isEqualTo("NOT_SERVING");
  }

  @Test
  void aClientThatCancelsLeavesNothing() {
    ManualReader reader = new ManualReader();
    WatchServiceGrpc.newStub(grpc.channel).watch(on("/app").build(), reader);
    reader.request(1);
    await().until(() -> reader.received().size() == 1);

    reader.cancel();

    await().until(() -> grpc.feed.streams() == 0);
  }

  @Test
  void aClientThatReadsSlowlyIsSentNoMoreThanItAsksForAndMissesNothing() {
    grpc.tree("/app");
    ManualReader reader = new ManualReader();
    WatchServiceGrpc.newStub(grpc.channel).watch(on("/app").build(), reader);
    reader.request(1);
    await().until(() -> reader.received().size() == 1);

    for (int i = 0; i < 500; i++) {
      setData("/app");
    }
    List<WatchResponse> whileItDoesNotRead = reader.received();
    reader.request(500);
    await().until(() -> reader.received().size() == 501);

    assertThat(whileItDoesNotRead).hasSize(1);
    assertThat(reader.events()).extracting(WatchEvent::getZxid).isSorted().doesNotHaveDuplicates();
    assertThat(reader.events()).hasSize(500);
  }

  /** A client that is sent what it asks for. Thread-safe. */
  private static final class ManualReader
      implements ClientResponseObserver<WatchRequest, WatchResponse> {
    private final List<WatchResponse> received = new ArrayList<>();
    private final AtomicReference<ClientCallStreamObserver<WatchRequest>> call =
        new AtomicReference<>();

    void request(int count) {
      requireNonNull(call.get()).request(count);
    }

    void cancel() {
      requireNonNull(call.get()).cancel("the client has enough", null);
    }

    synchronized List<WatchResponse> received() {
      return List.copyOf(received);
    }

    List<WatchEvent> events() {
      return received().stream()
          .flatMap(response -> response.getEvents().getEventsList().stream())
          .toList();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
      stream.disableAutoRequestWithInitial(0);
      call.set(stream);
    }

    @Override
    public synchronized void onNext(WatchResponse response) {
      received.add(response);
    }

    @Override
    public void onError(Throwable failure) {
      // The test cancels.
    }

    @Override
    public void onCompleted() {
      // A watch ends by an error or by the client.
    }
  }
}
