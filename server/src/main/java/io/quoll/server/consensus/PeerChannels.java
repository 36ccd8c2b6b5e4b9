package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.tls.RareLines;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;

/** The connections to the other members, opened when they are first needed. Thread-safe. */
final class PeerChannels implements AutoCloseable {
  // A peer that vanished without a word is noticed by its silence, not by TCP's patience. gRPC
  // takes nothing shorter than this.
  static final long KEEP_ALIVE_SECONDS = 10;

  /** For calls whose news are taken in a moment, without waiting. */
  static final CallOptions ON_EVENT_LOOP = CallOptions.DEFAULT.withExecutor(Runnable::run);

  private static final int MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

  /** Where a server would be that is not known: a name that never leads anywhere. (RFC 2606.) */
  private static final String NOWHERE = "unknown.invalid:1";

  private final Membership configured;
  private final Optional<SslContext> tls;
  private final RareLines lines = new RareLines();

  @GuardedBy("this")
  private final Map<Integer, AddressedChannel> channels = new HashMap<>();

  private volatile Supplier<Membership> members;

  private record AddressedChannel(String address, ManagedChannel channel) {}

  /** Channels to the members that the configuration names. */
  PeerChannels(ConsensusConfig config) {
    this.configured = config.configuredMembers();
    this.members = () -> configured;
    this.tls = config.tls().map(PeerTls::ofCaller);
  }

  /** Goes by {@code present} from now on for where members are, whenever it knows. */
  void setMembers(Supplier<Membership> present) {
    members = present;
  }

  private String address(int serverId) {
    return members
        .get()
        .find(serverId)
        .or(() -> configured.find(serverId))
        .map(Member::peerAddress)
        .orElse(NOWHERE);
  }

  /** The channel to {@code serverId}; calls to a server that is not known fail. */
  synchronized ManagedChannel to(int serverId) {
    String address = address(serverId);
    AddressedChannel known = channels.get(serverId);
    if (known != null && known.address().equals(address)) {
      return known.channel();
    }
    renew(serverId);
    ManagedChannel channel = channelAt(address);
    channels.put(serverId, new AddressedChannel(address, channel));
    return channel;
  }

  /**
   * A new channel to {@code serverId}, which is the caller's to close. Its first call tells whether
   * the member can be reached now; that of a channel that failed before fails at once, for it has
   * not tried again yet.
   */
  ManagedChannel newChannel(int serverId) {
    return channelAt(address(serverId));
  }

  // By name, which is looked up again whenever the server is not found where it was.
  private ManagedChannel channelAt(String address) {
    int colon = address.lastIndexOf(':');
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    tls.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    return builder
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .intercept(new PeerFailures(address, tls.isPresent(), lines))
        .executor(null) // The one of gRPC, which DirectChannels took away.
        .build();
  }

  /** Calls a member once; fails when {@code timeoutMillis} have passed. */
  CompletableFuture<byte[]> call(
      int serverId, MethodDescriptor<byte[], byte[]> method, byte[] request, long timeoutMillis) {
    return call(to(serverId), method, request, timeoutMillis);
  }

  /** As {@link #call}, but on a connection of its own, whatever became of the member meanwhile. */
  CompletableFuture<byte[]> callAnew(
      int serverId, MethodDescriptor<byte[], byte[]> method, byte[] request, long timeoutMillis) {
    return callAt(address(serverId), method, request, timeoutMillis);
  }

  /** As {@link #callAnew}, of whoever is at {@code address}, a member or not. */
  CompletableFuture<byte[]> callAt(
      String address, MethodDescriptor<byte[], byte[]> method, byte[] request, long timeoutMillis) {
    ManagedChannel channel = channelAt(address);
    return call(channel, method, request, timeoutMillis)
        .whenComplete((reply, failure) -> channel.shutdownNow());
  }

  private static CompletableFuture<byte[]> call(
      ManagedChannel channel,
      MethodDescriptor<byte[], byte[]> method,
      byte[] request,
      long timeoutMillis) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
    CompletableFuture<byte[]> reply = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, options),
        request,
        new StreamObserver<byte[]>() {
          @Override
          public void onNext(byte[] value) {
            reply.complete(value);
          }

          @Override
          public void onError(Throwable error) {
            reply.completeExceptionally(error);
          }

          @Override
          public void onCompleted() {
            reply.completeExceptionally(Status.INTERNAL.asRuntimeException());
          }
        });
    return reply;
  }

  /** Tries again at once to reach a member that was found unreachable. */
  void reconnect(int serverId) {
    to(serverId).resetConnectBackoff();
  }

  /**
   * Makes the next call to a member connect anew: what was cut off for a while may wait for many
   * seconds on the connection from before. Calls under way may still end well.
   */
  synchronized void renew(int serverId) {
    AddressedChannel left = channels.remove(serverId);
    if (left != null) {
      left.channel().shutdown();
    }
  }

  @Override
  public synchronized void close() {
    channels.values().forEach(open -> open.channel().shutdownNow());
  }
}
