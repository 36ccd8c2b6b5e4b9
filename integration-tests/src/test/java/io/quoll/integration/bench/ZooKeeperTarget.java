package io.quoll.integration.bench;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.Completion;
import io.quoll.cli.bench.LoadSession;
import io.quoll.cli.bench.LoadTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's ensemble, by the asynchronous calls of its own client. Thread-safe. */
final class ZooKeeperTarget implements LoadTarget {
  private static final int TIMEOUT_MILLIS = 30_000; // As long as Quoll's sessions have.
  private static final int ANY_VERSION = -1;

  private final ImmutableList<String> servers;

  ZooKeeperTarget(String connectString) {
    this.servers = ImmutableList.copyOf(Splitter.on(',').split(connectString));
  }

  @Override
  public LoadSession open(int number, byte[] value) {
    return open(servers.get(number % servers.size()), value);
  }

  @Override
  public LoadSession openRoaming(int number, byte[] value) {
    return open(String.join(",", servers), value); // The client takes them in an order of its own.
  }

  private static LoadSession open(String connectString, byte[] value) {
    CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    try {
      ZooKeeper client =
          new ZooKeeper(
              connectString,
              TIMEOUT_MILLIS,
              event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                  opened.complete(null);
                }
              });
      return new Session(client, opened, value.clone());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static final class Session implements LoadSession {
    private final ZooKeeper client;
    private final CompletableFuture<@Nullable Void> opened;
    private final byte[] value;

    Session(ZooKeeper client, CompletableFuture<@Nullable Void> opened, byte[] value) {
      this.client = client;
      this.opened = opened;
      this.value = value;
    }

    @Override
    public CompletableFuture<@Nullable Void> opened() {
      return opened;
    }

    @Override
    public void create(String path, Completion completion) {
      client.create(
          path,
          value,
          ZooDefs.Ids.OPEN_ACL_UNSAFE,
          CreateMode.PERSISTENT,
          (code, asked, context, name) -> tell(code, asked, completion),
          null);
    }

    @Override
    public void delete(String path, Completion completion) {
      client.delete(
          path, ANY_VERSION, (code, asked, context) -> tell(code, asked, completion), null);
    }

    @Override
    public void setData(String path, Completion completion) {
      client.setData(
          path,
          value,
          ANY_VERSION,
          (code, asked, context, stat) -> tell(code, asked, completion),
          null);
    }

    @Override
    public void data(String path, Completion completion) {
      client.getData(
          path, false, (code, asked, context, data, stat) -> tell(code, asked, completion), null);
    }

    @Override
    public void createAll(ImmutableList<String> paths, Completion completion) {
      ImmutableList.Builder<Op> operations = ImmutableList.builderWithExpectedSize(paths.size());
      for (String path : paths) {
        operations.add(Op.create(path, value, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
      }
      multi(operations.build(), completion);
    }

    @Override
    public void deleteAll(ImmutableList<String> paths, Completion completion) {
      ImmutableList.Builder<Op> operations = ImmutableList.builderWithExpectedSize(paths.size());
      for (String path : paths) {
        operations.add(Op.delete(path, ANY_VERSION));
      }
      multi(operations.build(), completion);
    }

    private void multi(ImmutableList<Op> operations, Completion completion) {
      client.multi(
          operations, (code, asked, context, results) -> tell(code, asked, completion), null);
    }

    private static void tell(int code, @Nullable String path, Completion completion) {
      completion.done(
          code == KeeperException.Code.OK.intValue()
              ? null
              : KeeperException.create(KeeperException.Code.get(code), path));
    }

    @Override
    public void watch(String path, Runnable told, Completion completion) {
      client.addWatch(
          path,
          event -> {
            if (event.getType() != EventType.None) { // Which tells how the session stands.
              told.run();
            }
          },
          AddWatchMode.PERSISTENT,
          (code, asked, context) -> tell(code, asked, completion),
          null);
    }

    @Override
    public CompletableFuture<@Nullable Void> close() {
      return CompletableFuture.runAsync(
          () -> {
            try {
              client.close();
            } catch (InterruptedException interrupted) {
              throw new IllegalStateException(interrupted);
            }
          });
    }
  }
}
