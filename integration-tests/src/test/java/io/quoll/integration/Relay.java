package io.quoll.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A line to a server that can be cut, and that can lose what the server answers. It begins open.
 * Thread-safe.
 */
final class Relay implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final int port;
  private final ServerSocket entrance;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean open = true;
  private volatile boolean losesAnswers;
  private final AtomicLong requestBytesLeft = new AtomicLong(Long.MAX_VALUE);

  private Relay(int port, ServerSocket entrance) {
    this.port = port;
    this.entrance = entrance;
  }

  /** A line to the clients' port of {@code server}, on loopback. */
  static Relay to(ServerProcess server) {
    try {
      ServerSocket entrance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
      Relay relay = new Relay(server.clientPort(), entrance);
      daemon(relay::accept);
      return relay;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** How a client names the near end. */
  String address() {
    return "127.0.0.1:" + entrance.getLocalPort();
  }

  /** Breaks all connections, and every new one. */
  synchronized void cut() {
    open = false;
    sockets.forEach(Relay::close);
    sockets.clear();
  }

  /** Lets connections through again, and their answers. */
  synchronized void mend() {
    open = true;
    losesAnswers = false;
    requestBytesLeft.set(Long.MAX_VALUE);
  }

  /** From now on requests pass and no answer does; to be followed by {@link #cut}. */
  void loseAnswers() {
    losesAnswers = true;
  }

  /** Lets so many more bytes of requests pass, and then cuts the line, wherever that is. */
  void cutAfter(long requestBytes) {
    requestBytesLeft.set(requestBytes);
  }

  private void accept() {
    try {
      while (!entrance.isClosed()) {
        connect(entrance.accept());
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private void connect(Socket near) {
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      if (!enlist(near, far)) {
        return;
      }
      daemon(() -> pump(near, far, false));
      daemon(() -> pump(far, near, true));
    } catch (IOException refused) {
      close(near);
    }
  }

  private synchronized boolean enlist(Socket near, Socket far) {
    if (!open) {
      close(near);
      close(far);
      return false;
    }
    sockets.add(near);
    sockets.add(far);
    return true;
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (answers) {
          if (!losesAnswers) {
            out.write(buffer, 0, count);
          }
          continue;
        }
        long left = requestBytesLeft.getAndAdd(-count);
        out.write(buffer, 0, (int) Math.max(0, Math.min(count, left)));
        if (left <= count) {
          cut();
        }
      }
    } catch (SocketException broken) {
      close(to); // One end is gone, and so is the other.
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    close(entrance);
    cut();
  }
}
