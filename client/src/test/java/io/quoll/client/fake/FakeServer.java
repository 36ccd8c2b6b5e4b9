package io.quoll.client.fake;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.Role;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.StatusResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server on loopback that follows the contract, unless a test tells it not to. Thread-safe. */
public final class FakeServer implements AutoCloseable {
  private final Replies replies;
  private final Server server;
  private final String address;

  private FakeServer(Replies replies, Server server) {
    this.replies = replies;
    this.server = server;
    this.address = "127.0.0.1:" + server.getPort();
  }

  /** Starts a server with pages of usual size. */
  public static FakeServer start(FakeTree tree) {
    return start(tree, 10_000);
  }

  /** Starts a server whose pages of children hold at most {@code pageMax}. */
  public static FakeServer start(FakeTree tree, int pageMax) {
    Replies replies = new Replies(tree, 1);
    try {
      Server server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .addService(new FakeTreeService(tree, replies, pageMax))
              .addService(new FakeClusterService(replies))
              .build()
              .start();
      return new FakeServer(replies, server);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Where it listens, as {@code HOST:PORT}. */
  public String address() {
    return address;
  }

  /** From now on takes every request and answers none. */
  public FakeServer mute() {
    replies.mute();
    return this;
  }

  /** From now on refuses every request, as one that may be tried again; empty ends that. */
  public FakeServer refuse(String reason) {
    replies.refuse(reason);
    return this;
  }

  /** How many requests it took. */
  public int asked() {
    return replies.asked();
  }

  /** What the last read gave as its lowest zxid. */
  public long lastMinZxid() {
    return replies.lastMinZxid();
  }

  /** Cuts all connections and stops to listen. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Three members, one of them not reachable. */
  private static final class FakeClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {
    private final Replies replies;

    FakeClusterService(Replies replies) {
      this.replies = replies;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      replies.answer(
          observer,
          false,
          () ->
              StatusResponse.newBuilder()
                  .setHeader(replies.header())
                  .addMembers(member(1, Role.FOLLOWER))
                  .addMembers(member(2, Role.LEADER))
                  .addMembers(
                      MemberStatus.newBuilder().setId(3).setPeerAddress("127.0.0.1:2893").build())
                  .build());
    }

    private static MemberStatus member(int id, Role role) {
      return MemberStatus.newBuilder()
          .setId(id)
          .setClientAddress("127.0.0.1:718" + id)
          .setPeerAddress("127.0.0.1:289" + id)
          .setReachable(true)
          .setRole(role)
          .setTerm(4)
          .setZxid(1234)
          .setAppliedIndex(99)
          .setCommitIndex(100)
          .setTreeDigest(0xCAFEL)
          .setLeaderId(2)
          .setVersion("0.1.0")
          .build();
    }
  }
}
