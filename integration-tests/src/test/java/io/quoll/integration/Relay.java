package io.quoll.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A line to a server that can be cut, that can lose what the server answers, and that can be a long
 * one. It begins open. Thread-safe.
 */
public final class Relay implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int CONNECT_MILLIS_MAX = 2_000;

  private final InetSocketAddress server;
  private final ServerSocket entrance;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean open = true;
  private volatile boolean losesAnswers;
  private final AtomicLong requestBytesLeft = new AtomicLong(Long.MAX_VALUE);
  private volatile Duration delay = Duration.ZERO;

  private Relay(InetSocketAddress server, ServerSocket entrance) {
    this.server = server;
    this.entrance = entrance;
  }

  /** A line to the clients' port of {@code server}, on loopback. */
  public static Relay to(ServerProcess server) {
    return to(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.clientPort()),
        InetAddress.getLoopbackAddress());
  }

  /** A line to {@code server} whose near end is at a port of {@code near}. */
  public static Relay to(InetSocketAddress server, InetAddress near) {
    try {
      Relay relay = new Relay(server, new ServerSocket(0, 0, near));
      daemon(relay::accept);
      return relay;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** How a client names the near end. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** The port of the near end. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** How long what is sent is under way from now on, either way. */
  public void delay(Duration howLong) {
    delay = howLong;
  }

  /** Breaks all connections, and every new one. */
  public synchronized void cut() {
    open = false;
    sockets.forEach(Relay::close);
    sockets.clear();
  }

  /** Lets connections through again, and their answers. */
  public synchronized void mend() {
    open = true;
    losesAnswers = false;
    requestBytesLeft.set(Long.MAX_VALUE);
  }

  /** From now on requests pass and no answer does; to be followed by {@link #cut}. */
  public void loseAnswers() {
    losesAnswers = true;
  }

  /** Lets so many more bytes of requests pass, and then cuts the line, wherever that is. */
  public void cutAfter(long requestBytes) {
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
      Socket far = new Socket();
      far.connect(server, CONNECT_MILLIS_MAX);
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
        travel();
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

  // Bytes follow each other at that distance too, as on a line that is narrow as well as long.
  private void travel() {
    LockSupport.parkNanos(delay.toNanos());
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
