package io.quoll.server.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.WatchRequest;
import io.quoll.api.v1.WatchResponse;
import io.quoll.api.v1.WatchServiceGrpc;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.FeedRequest;
import io.quoll.server.coordination.FeedStream;
import io.quoll.statemachine.state.Rejection;

/**
 * Watches without sessions: each call is one stream of the {@link ChangeFeed}. Thread-safe; waits
 * for nothing, so it may run on the event loop.
 */
final class WatchService extends WatchServiceGrpc.WatchServiceImplBase {
  private final ChangeFeed feed;
  private final ReplyHeaders headers;
  private final Rejections rejections;

  WatchService(ChangeFeed feed, ReplyHeaders headers, Rejections rejections) {
    this.feed = feed;
    this.headers = headers;
    this.rejections = rejections;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> responses) {
    FeedRequest feedRequest;
    try {
      feedRequest = WatchMapping.feed(request, IdentityInterceptor.caller());
    } catch (Rejection rejection) {
      responses.onError(rejections.ofRead(rejection));
      return;
    }
    ServerCallStreamObserver<WatchResponse> call =
        (ServerCallStreamObserver<WatchResponse>) responses;
    FeedStream stream = feed.stream(feedRequest, new WatchCall(call, headers, rejections));
    call.setOnReadyHandler(stream::wake);
    call.setOnCancelHandler(stream::cancel);
    stream.open();
  }
}
