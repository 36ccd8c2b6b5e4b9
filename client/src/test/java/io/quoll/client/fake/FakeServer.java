package io.quoll.client.fake;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.quoll.api.v1.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server on loopback that follows the contract, unless a test tells it not to. Thread-safe. */
public final class FakeServer implements AutoCloseable {
  private final Replies replies;
  private final FakeFaults faults;
  private final FakeSessionService sessions;
  private final FakeWatchService watches;
  private final Server server;
  private final String address;

  private FakeServer(
      Replies replies,
      FakeFaults faults,
      FakeSessionService sessions,
      FakeWatchService watches,
      Server server) {
    this.replies = replies;
    this.faults = faults;
    this.sessions = sessions;
    this.watches = watches;
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
    FakeOperations operations = new FakeOperations(tree, replies, pageMax);
    FakeFaults faults = new FakeFaults();
    FakeSessionService sessions = new FakeSessionService(operations, faults);
    FakeWatchService watches = new FakeWatchService(tree, replies);
    try {
      Server server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .intercept(FakeCaller.interceptor())
              .addService(new FakeTreeService(operations))
              .addService(sessions)
              .addService(watches)
              .addService(new FakeClusterService(tree, replies))
              .build()
              .start();
      return new FakeServer(replies, faults, sessions, watches, server);
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

  /** From now on answers again. */
  public FakeServer unmute() {
    replies.unmute();
    return this;
  }

  /** Breaks all streams of sessions and watches, as lost connections would. */
  public void cutStreams() {
    sessions.cut();
    watches.cut();
  }

  /** Breaks a session's stream once so many more requests on such streams were done. */
  public void cutStreamAfter(int requests) {
    faults.cutAfter(requests);
  }

  /** From now on does what sessions ask and tells them nothing of it, or tells them again. */
  public void loseReplies(boolean loses) {
    faults.loseReplies(loses);
  }

  /** Refuses the next writes of sessions, which then do not take their numbers. */
  public void refuseWrites(int count, ErrorCode code) {
    faults.refuseWrites(count, code);
  }

  /** Sends a bookmark to all watches. */
  public void sendBookmarks() {
    watches.bookmark();
  }

  /** How many times a session was opened or attached here. */
  public int attachedEver() {
    return sessions.attachedEver();
  }

  /** How many sessions are attached here. */
  public int attachedNow() {
    return sessions.attachedNow();
  }

  /** How many frames with requests came. */
  public int requestFrames() {
    return sessions.requestFrames();
  }

  /** How many pings came. */
  public int pings() {
    return sessions.pings();
  }

  /** How many requests to set watches again came. */
  public int setWatchesEver() {
    return sessions.setWatchesEver();
  }

  /** How many watches the attached sessions have. */
  public int watchCount() {
    return sessions.watchCount();
  }

  /** Breaks the next watch stream in the middle of the state that it begins with. */
  public void cutWatchWithinItsState() {
    watches.cutWithinState();
  }

  /** How many watch streams were begun. */
  public int watchesBegun() {
    return watches.begun();
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
}
