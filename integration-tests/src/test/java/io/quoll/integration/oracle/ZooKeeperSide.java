package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** Servers of ZooKeeper. Thread-safe. */
final class ZooKeeperSide implements Side {
  private static final int CONTROL_TIMEOUT_MILLIS = 60_000;
  private static final int OPEN_SECONDS_MAX = 60;
  private static final int DELETES_AT_ONCE = 100;

  private final ImmutableList<String> servers;
  private final ZooKeeper control;

  /** The servers, by the addresses that clients know. */
  ZooKeeperSide(ImmutableList<String> servers) {
    this.servers = servers;
    this.control = connect(String.join(",", servers), CONTROL_TIMEOUT_MILLIS);
  }

  @Override
  public Client open(
      int server, String chroot, Root root, Owners owners, String name, Duration timeout) {
    ZooKeeper zooKeeper =
        connect(servers.get(server % servers.size()) + chroot, (int) timeout.toMillis());
    owners.put(zooKeeper.getSessionId(), name);
    return new ZooKeeperClient(zooKeeper, root, owners);
  }

  private static AbandonableZooKeeper connect(String connectString, int timeoutMillis) {
    CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    try {
      AbandonableZooKeeper zooKeeper =
          new AbandonableZooKeeper(
              connectString,
              timeoutMillis,
              event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                  opened.complete(null);
                }
              });
      opened.orTimeout(OPEN_SECONDS_MAX, TimeUnit.SECONDS).join();
      return zooKeeper;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void deleteAll(String path) {
    try {
      ZKUtil.deleteRecursive(control, path, DELETES_AT_ONCE);
    } catch (KeeperException.NoNodeException gone) {
      // As it shall be.
    } catch (KeeperException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    try {
      control.close();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
