package io.quoll.server.grpc;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.grpc.stub.ServerCallStreamObserver;
import io.quoll.api.v1.WatchBookmark;
import io.quoll.api.v1.WatchEvents;
import io.quoll.api.v1.WatchResponse;
import io.quoll.api.v1.WatchStarted;
import io.quoll.api.v1.WatchState;
import io.quoll.api.v1.WatchTrimmed;
import io.quoll.server.coordination.FeedReader;
import io.quoll.server.coordination.WatchEvent;

/** A call that a feed is sent to. Confined to the turns of its stream. */
final class WatchCall implements FeedReader {
  private final ServerCallStreamObserver<WatchResponse> call;
  private final ReplyHeaders headers;
  private final Rejections rejections;

  WatchCall(
      ServerCallStreamObserver<WatchResponse> call, ReplyHeaders headers, Rejections rejections) {
    this.call = call;
    this.headers = headers;
    this.rejections = rejections;
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public void onStarted(long zxid) {
    call.onNext(at(zxid).setStarted(WatchStarted.newBuilder().setZxid(zxid)).build());
  }

  @Override
  public void onState(long zxid, ImmutableList<WatchedZnode> znodes, boolean last) {
    WatchState.Builder state =
        WatchState.newBuilder()
            .addAllZnodes(Iterables.transform(znodes, WatchMapping::znode))
            .setLast(last);
    call.onNext(at(zxid).setState(state).build());
  }

  @Override
  public void onEvents(long zxid, long timeMillis, ImmutableList<WatchEvent> events, boolean last) {
    WatchEvents.Builder told =
        WatchEvents.newBuilder()
            .setZxid(zxid)
            .setTimeMillis(timeMillis)
            .addAllEvents(Iterables.transform(events, WatchMapping::event))
            .setLast(last);
    call.onNext(at(zxid).setEvents(told).build());
  }

  @Override
  public void onBookmark(long zxid) {
    call.onNext(at(zxid).setBookmark(WatchBookmark.newBuilder().setZxid(zxid)).build());
  }

  @Override
  public void onTrimmed(long throughZxid) {
    call.onNext(
        at(throughZxid).setTrimmed(WatchTrimmed.newBuilder().setThroughZxid(throughZxid)).build());
    call.onCompleted();
  }

  @Override
  public void onFailure(Throwable failure) {
    call.onError(rejections.ofRead(failure));
  }

  private WatchResponse.Builder at(long zxid) {
    return WatchResponse.newBuilder().setHeader(headers.at(zxid));
  }
}
