package io.quoll.server;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.OpenSession;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionServiceGrpc;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.TreeServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests a second a standalone server takes over its port, with the load in the same
 * process: 6 sessions, each with a connection of its own and 100 requests in flight, beside as many
 * unary calls. Prints reads and writes of 100 bytes.
 *
 * <p>Arguments: the seconds to measure each (10), the seconds to warm up before (10).
 */
final class SessionStreamBenchmark {
  private static final int CLIENTS = 6;
  private static final int IN_FLIGHT = 100;
  private static final int ZNODES = 1_000;
  private static final ByteString DATA = ByteString.copyFrom(new byte[100]);

  private SessionStreamBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int warmUp = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    Path directory = Files.createTempDirectory("session-stream");
    int port = freePort();
    Path file = directory.resolve("quoll.cfg");
    Files.writeString(
        file, "dataDir=%s\nclientPortAddress=127.0.0.1\ngrpcPort=%d\n".formatted(directory, port));
    Server server =
        Server.start(
            ServerConfig.read(file),
            new RatisReplicas(),
            (code, message, cause) -> Runtime.getRuntime().halt(code.number()),
            Supervisor.none());
    fill(port);
    for (boolean write : List.of(false, true)) {
      run("warm-up of streams", write, true, port, warmUp);
      run("streams", write, true, port, seconds);
      run("warm-up of unary calls", write, false, port, warmUp);
      run("unary calls", write, false, port, seconds);
    }
    server.close();
    System.exit(0);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void fill(int port) {
    ManagedChannel channel = channel(port);
    TreeServiceGrpc.TreeServiceBlockingStub tree =
        TreeServiceGrpc.newBlockingStub(channel).withWaitForReady();
    for (int i = 0; i < ZNODES; i++) {
      Object unused =
          tree.create(CreateRequest.newBuilder().setPath("/n" + i).setData(DATA).build());
    }
    channel.shutdownNow();
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .directExecutor()
        .build();
  }

  private static void run(String what, boolean write, boolean stream, int port, int seconds)
      throws InterruptedException {
    LongAdder done = new LongAdder();
    LongAdder frames = new LongAdder();
    List<ManagedChannel> channels = new ArrayList<>();
    CountDownLatch started = new CountDownLatch(stream ? CLIENTS : 0);
    for (int i = 0; i < CLIENTS; i++) {
      ManagedChannel channel = channel(port);
      channels.add(channel);
      if (stream) {
        Stream.start(channel, write, done, frames, started);
      } else {
        for (int call = 0; call < IN_FLIGHT; call++) {
          new Unary(channel, write, done).next();
        }
      }
    }
    started.await();
    long before = done.sum();
    long framesBefore = frames.sum();
    long begun = System.nanoTime();
    boolean unused = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    double elapsed = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%s, %s: %.0f a second, %.0f frames a second%n",
        what,
        write ? "setData" : "getData",
        (done.sum() - before) / elapsed,
        (frames.sum() - framesBefore) / elapsed);
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** One session that sends a request for each reply that it gets. */
  private static final class Stream implements StreamObserver<ServerFrame> {
    private final boolean write;
    private final LongAdder done;
    private final LongAdder frames;
    private final CountDownLatch started;
    private StreamObserver<ClientFrame> requests = new Nowhere<>();
    private long cxid;

    private Stream(boolean write, LongAdder done, LongAdder frames, CountDownLatch started) {
      this.write = write;
      this.done = done;
      this.frames = frames;
      this.started = started;
    }

    private static void start(
        ManagedChannel channel,
        boolean write,
        LongAdder done,
        LongAdder frames,
        CountDownLatch started) {
      Stream stream = new Stream(write, done, frames, started);
      stream.requests = SessionServiceGrpc.newStub(channel).session(stream);
      stream.requests.onNext(
          ClientFrame.newBuilder()
              .setOpen(OpenSession.newBuilder().setTimeoutMillis(40_000))
              .build());
    }

    @Override
    public void onNext(ServerFrame frame) {
      frames.increment();
      int replies = 0;
      for (SessionItem item : frame.getItemsList()) {
        replies += item.hasReply() ? 1 : 0;
        if (item.getReply().hasError()) {
          throw new AssertionError(item);
        }
      }
      done.add(replies);
      if (frame.hasStarted()) {
        started.countDown();
        replies = IN_FLIGHT;
      }
      send(replies);
    }

    private void send(int count) {
      if (count == 0) {
        return;
      }
      ClientFrame.Builder frame = ClientFrame.newBuilder();
      for (int i = 0; i < count; i++) {
        frame.addRequests(next());
      }
      frame.setFirstUnacknowledgedCxid(Math.max(1, cxid - IN_FLIGHT));
      requests.onNext(frame.build());
    }

    private SessionRequest next() {
      cxid++;
      String path = "/n" + cxid % ZNODES;
      SessionRequest.Builder request = SessionRequest.newBuilder().setXid(cxid);
      return write
          ? request
              .setCxid(cxid)
              .setSetData(SetDataRequest.newBuilder().setPath(path).setData(DATA))
              .build()
          : request.setGetData(GetDataRequest.newBuilder().setPath(path)).build();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  private static final class Nowhere<T> implements StreamObserver<T> {
    @Override
    public void onNext(T value) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  /** One caller that makes one call after the other. */
  private static final class Unary {
    private final TreeServiceGrpc.TreeServiceStub tree;
    private final boolean write;
    private final LongAdder done;
    private long calls;

    private Unary(ManagedChannel channel, boolean write, LongAdder done) {
      this.tree = TreeServiceGrpc.newStub(channel);
      this.write = write;
      this.done = done;
    }

    private void next() {
      String path = "/n" + calls++ % ZNODES;
      if (write) {
        tree.setData(
            SetDataRequest.newBuilder().setPath(path).setData(DATA).build(),
            new Once<SetDataResponse>(this));
      } else {
        tree.getData(
            GetDataRequest.newBuilder().setPath(path).build(), new Once<GetDataResponse>(this));
      }
    }
  }

  private record Once<T>(Unary caller) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      caller.done.increment();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      caller.next();
    }
  }
}
