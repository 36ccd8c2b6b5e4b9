package io.quoll.server.grpc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.base.Throwables;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.quoll.server.grpc.ConnectionCount.Admission;
import io.quoll.server.tls.RareLines;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one connection: tells in the log why it could not be agreed on TLS, which gRPC keeps to
 * itself, and closes it after a moment if it is only there to be refused. Confined to its event
 * loop.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  /** How long a connection that is too many may take to hear it. */
  static final Duration TOLD_WITHIN = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionWatch.class);
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int TLS_VERSION = 0x03;

  private final InetSocketAddress remote;
  private final boolean isTls;
  private final Admission admission;
  private final RareLines lines;
  private boolean hasRead;

  ConnectionWatch(InetSocketAddress remote, boolean isTls, Admission admission, RareLines lines) {
    this.remote = remote;
    this.isTls = isTls;
    this.admission = admission;
    this.lines = lines;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (admission == Admission.TOLD) {
      var unused =
          context.executor().schedule(() -> close(context), TOLD_WITHIN.toMillis(), MILLISECONDS);
    }
    context.fireChannelActive();
  }

  private static void close(ChannelHandlerContext context) {
    var unused = context.channel().close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!hasRead && !isTls && message instanceof ByteBuf bytes && isHello(bytes)) {
      tell("speaks TLS, and this port speaks plaintext: ssl.keyStore.location is not set");
    }
    hasRead = true;
    context.fireChannelRead(message);
  }

  private static boolean isHello(ByteBuf bytes) {
    return bytes.readableBytes() > 1
        && bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE
        && bytes.getByte(bytes.readerIndex() + 1) == TLS_VERSION;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    // Who went before it said anything, such as a look whether the port is open, has no failure.
    if (hasRead && tls != null && tls.handshakeFuture().isDone()) {
      Throwable failure = tls.handshakeFuture().cause();
      if (failure != null) {
        tell("could not agree with this server on TLS: " + reason(failure));
      }
    }
    context.fireChannelInactive();
  }

  private static String reason(Throwable failure) {
    Throwable root = Throwables.getRootCause(failure);
    String text = String.valueOf(root.getMessage());
    if (text.contains("not an SSL/TLS record")) {
      return "it speaks plaintext";
    }
    if (text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
      return "it shows no certificate, and ssl.clientAuth is need";
    }
    return text.contains("ALERT") ? "it refuses what this server shows: " + text : text;
  }

  private void tell(String what) {
    String line = "A client at %s %s".formatted(remote.getAddress().getHostAddress(), what);
    if (lines.isDue(line)) {
      LOG.warn(line);
    }
  }
}
