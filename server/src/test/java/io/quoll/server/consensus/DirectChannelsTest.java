package io.quoll.server.consensus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.util.internal.ThreadExecutorMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectChannelsTest {
  private final Server server =
      NettyServerBuilder.forPort(0)
          .addService(
              ServerServiceDefinition.builder(PeerProtocol.SERVICE)
                  .addMethod(
                      PeerProtocol.STANDING,
                      ServerCalls.asyncUnaryCall(
                          (byte[] request, StreamObserver<byte[]> replies) -> {
                            replies.onNext(request);
                            replies.onCompleted();
                          }))
                  .build())
          .build();

  @BeforeEach
  void start() throws IOException {
    DirectChannels.install();
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination(10, SECONDS);
  }

  @Test
  void anAnswerIsTakenOnTheEventLoopThatReadIt() throws Exception {
    Ended ended = new Ended();
    ManagedChannel channel = channel();

    call(channel, ended);

    assertThat(ended.onEventLoop.get(10, SECONDS)).isTrue();
    channel.shutdownNow();
  }

  @Test
  void aCallThatFailsAtOnceDoesNotEndInTheThreadThatMakesIt() throws Exception {
    Ended ended = new Ended();
    ManagedChannel closed = channel();
    closed.shutdownNow();

    call(closed, ended);

    assertThat(ended.by.get(10, SECONDS)).isNotEqualTo(Thread.currentThread());
    assertThat(ended.onEventLoop.get(10, SECONDS)).isFalse();
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  private static void call(ManagedChannel channel, Ended ended) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(PeerProtocol.STANDING, CallOptions.DEFAULT), new byte[1], ended);
  }

  /** Tells by which thread a call ended. */
  private static final class Ended implements StreamObserver<byte[]> {
    private final CompletableFuture<Thread> by = new CompletableFuture<>();
    private final CompletableFuture<Boolean> onEventLoop = new CompletableFuture<>();

    @Override
    public void onNext(byte[] answer) {}

    @Override
    public void onError(Throwable error) {
      onCompleted();
    }

    @Override
    public void onCompleted() {
      onEventLoop.complete(ThreadExecutorMap.currentExecutor() != null);
      by.complete(Thread.currentThread());
    }
  }
}
