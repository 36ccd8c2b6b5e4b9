package io.quoll.server.grpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.quoll.server.grpc.ConnectionCount.Admission;
import io.quoll.server.tls.RareLines;
import java.net.InetSocketAddress;

/** Stands where connections are accepted, before anything is read from them. */
final class Doorkeeper extends ChannelInboundHandlerAdapter {
  private final ConnectionCount count;
  private final boolean isTls;
  private final RareLines lines = new RareLines();

  /**
   * One who counts connections in and out.
   *
   * @param isTls whether they are to speak TLS
   */
  Doorkeeper(ConnectionCount count, boolean isTls) {
    this.count = count;
    this.isTls = isTls;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel connection = (Channel) accepted;
    if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
      connection.unsafe().closeForcibly(); // It was gone before it was looked at.
      return;
    }
    Admission admission = count.come(remote);
    if (admission == Admission.CLOSED) {
      connection.unsafe().closeForcibly();
      return;
    }
    var unused = connection.closeFuture().addListener(closed -> count.gone(remote));
    connection.pipeline().addFirst(new ConnectionWatch(remote, isTls, admission, lines));
    context.fireChannelRead(accepted);
  }
}
