package io.quoll.integration.oracle;

import static io.quoll.integration.oracle.IntendedDifference.MULTI_WITH_WRONG_ARGUMENTS;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import io.quoll.client.WatchKind;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A session of ZooKeeper. Its client calls watchers and callbacks on one thread, in the order of
 * what they tell. Thread-safe.
 */
final class ZooKeeperClient implements Client {
  private final ZooKeeper zooKeeper;
  private final Root root;
  private final Owners owners;
  private final SessionLog log = new SessionLog();
  private final ImmutableList<Watcher> watchers =
      IntStream.range(0, WATCHERS)
          .<Watcher>mapToObj(number -> event -> tell(number, event))
          .collect(ImmutableList.toImmutableList());

  ZooKeeperClient(ZooKeeper zooKeeper, Root root, Owners owners) {
    this.zooKeeper = zooKeeper;
    this.root = root;
    this.owners = owners;
  }

  private void tell(int watcher, WatchedEvent event) {
    if (event.getType() == EventType.None) {
      return; // How the session stands.
    }
    Sight sight = new Sight(event.getType().name()).with(root.relative(event.getPath()));
    if (event.getZxid() != WatchedEvent.NO_ZXID) {
      sight.at(event.getZxid());
    }
    log.addEvent(watcher, sight.seen());
  }

  private @Nullable Watcher watcher(int number) {
    return number == Operation.NO_WATCHER ? null : watchers.get(number);
  }

  // What the client refuses by an exception counts as the answer to it.
  private CompletableFuture<Seen> ask(Consumer<CompletableFuture<Seen>> question) {
    CompletableFuture<Seen> answer = new CompletableFuture<>();
    try {
      question.accept(answer);
    } catch (IllegalArgumentException refused) {
      answer.complete(log.addAnswer(new Sight("BADARGUMENTS").seen()));
    }
    return answer;
  }

  private void end(CompletableFuture<Seen> answer, int code, Consumer<Sight> words) {
    Sight sight = sight(code);
    if (code == KeeperException.Code.OK.intValue()) {
      words.accept(sight);
    }
    answer.complete(log.addAnswer(sight.seen()));
  }

  private static Sight sight(int code) {
    return new Sight(
        Objects.requireNonNullElse(KeeperException.Code.get(code), KeeperException.Code.SYSTEMERROR)
            .name());
  }

  private void add(Sight sight, Stat stat) {
    sight
        .withStat(
            owners,
            stat.getVersion(),
            stat.getCversion(),
            stat.getAversion(),
            stat.getEphemeralOwner(),
            stat.getDataLength(),
            stat.getNumChildren())
        .withMoments(
            stat.getCzxid(), stat.getCtime(), stat.getMzxid(), stat.getMtime(), stat.getPzxid());
  }

  private static byte @Nullable [] bytes(@Nullable String data) {
    return data == null ? null : data.getBytes(UTF_8);
  }

  private static String words(byte @Nullable [] data) {
    return data == null ? "null" : "'" + BaseEncoding.base16().encode(data) + "'";
  }

  private static CreateMode mode(io.quoll.client.CreateMode mode) {
    return CreateMode.valueOf(mode.name());
  }

  @Override
  public CompletableFuture<Seen> create(Operation.Create create) {
    return ask(
        answer ->
            zooKeeper.create(
                root.absolute(create.path()),
                bytes(create.data()),
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                mode(create.mode()),
                (code, path, context, name, stat) ->
                    end(answer, code, sight -> add(sight.with(root.relative(name)), stat)),
                null,
                create.ttlMillis() == 0 && !create.mode().hasTtl() ? -1 : create.ttlMillis()));
  }

  @Override
  public CompletableFuture<Seen> delete(Operation.Delete delete) {
    return ask(
        answer ->
            zooKeeper.delete(
                root.absolute(delete.path()),
                delete.version(),
                (code, path, context) -> end(answer, code, sight -> {}),
                null));
  }

  @Override
  public CompletableFuture<Seen> setData(Operation.SetData setData) {
    return ask(
        answer ->
            zooKeeper.setData(
                root.absolute(setData.path()),
                bytes(setData.data()),
                setData.version(),
                (code, path, context, stat) -> end(answer, code, sight -> add(sight, stat)),
                null));
  }

  @Override
  public CompletableFuture<Seen> multi(Operation.Multi multi) {
    return ask(
        answer ->
            zooKeeper.multi(
                multi.parts().stream().map(this::part).toList(),
                (code, path, context, results) -> {
                  Sight sight = sight(code);
                  if (results != null) {
                    results.forEach(result -> add(sight.with(";"), result));
                  }
                  answer.complete(log.addAnswer(MULTI_WITH_WRONG_ARGUMENTS.applyTo(sight.seen())));
                },
                null));
  }

  private Op part(Operation.Write write) {
    if (write instanceof Operation.Create create) {
      return Op.create(
          root.absolute(create.path()),
          bytes(create.data()),
          ZooDefs.Ids.OPEN_ACL_UNSAFE,
          mode(create.mode()),
          create.ttlMillis() == 0 && !create.mode().hasTtl() ? -1 : create.ttlMillis());
    }
    if (write instanceof Operation.Delete delete) {
      return Op.delete(root.absolute(delete.path()), delete.version());
    }
    if (write instanceof Operation.SetData setData) {
      return Op.setData(root.absolute(setData.path()), bytes(setData.data()), setData.version());
    }
    Operation.Check check = (Operation.Check) write;
    return Op.check(root.absolute(check.path()), check.version());
  }

  private void add(Sight sight, OpResult result) {
    if (result instanceof OpResult.ErrorResult error) {
      sight.with(sight(error.getErr()).seen().text());
    } else if (result instanceof OpResult.CreateResult created) {
      sight.with(
          "OK "
              + root.relativeWithoutChroot(
                  created.getPath())); // Some kinds come without their stat.
    } else if (result instanceof OpResult.SetDataResult set) {
      add(sight.with("OK"), set.getStat());
    } else if (result instanceof OpResult.GetDataResult data) {
      add(sight.with("OK " + words(data.getData())), data.getStat());
    } else if (result instanceof OpResult.GetChildrenResult children) {
      sight.with("OK").withNames(children.getChildren());
    } else {
      sight.with("OK");
    }
  }

  @Override
  public CompletableFuture<Seen> multiRead(Operation.MultiRead multiRead) {
    return ask(
        answer ->
            zooKeeper.multi(
                multiRead.parts().stream().map(this::part).toList(),
                (code, path, context, results) -> {
                  Sight sight = new Sight("READ");
                  results.forEach(result -> add(sight.with(";"), result));
                  answer.complete(log.addAnswer(MULTI_WITH_WRONG_ARGUMENTS.applyTo(sight.seen())));
                },
                null));
  }

  private Op part(Operation.Read read) {
    if (read instanceof Operation.GetData data) {
      return Op.getData(root.absolute(data.path()));
    }
    return Op.getChildren(root.absolute(((Operation.GetChildren) read).path()));
  }

  @Override
  public CompletableFuture<Seen> data(Operation.GetData data) {
    return ask(
        answer ->
            zooKeeper.getData(
                root.absolute(data.path()),
                watcher(data.watcher()),
                (code, path, context, bytes, stat) ->
                    end(answer, code, sight -> add(sight.with(words(bytes)), stat)),
                null));
  }

  @Override
  public CompletableFuture<Seen> exists(Operation.Exists exists) {
    return ask(
        answer ->
            zooKeeper.exists(
                root.absolute(exists.path()),
                watcher(exists.watcher()),
                (code, path, context, stat) -> end(answer, code, sight -> add(sight, stat)),
                null));
  }

  @Override
  public CompletableFuture<Seen> children(Operation.GetChildren children) {
    return ask(
        answer ->
            zooKeeper.getChildren(
                root.absolute(children.path()),
                watcher(children.watcher()),
                (code, path, context, names, stat) ->
                    end(answer, code, sight -> add(sight.withNames(names), stat)),
                null));
  }

  @Override
  public CompletableFuture<Seen> countAll(Operation.CountAll count) {
    return ask(
        answer ->
            zooKeeper.getAllChildrenNumber(
                root.absolute(count.path()),
                (code, path, context, number) ->
                    end(answer, code, sight -> sight.with(Integer.toString(number))),
                null));
  }

  @Override
  public CompletableFuture<Seen> ephemerals(Operation.Ephemerals ephemerals) {
    return ask(
        answer ->
            zooKeeper.getEphemerals(
                root.withChroot(ephemerals.pathPrefix()),
                (code, context, paths) ->
                    end(answer, code, sight -> sight.withNames(relative(paths))),
                null));
  }

  private List<String> relative(List<String> paths) {
    return paths.stream().map(root::relativeWithoutChroot).toList();
  }

  @Override
  public CompletableFuture<Seen> sync(Operation.Sync sync) {
    return ask(
        answer ->
            zooKeeper.sync(
                root.absolute(sync.path()),
                (code, path, context) -> end(answer, code, sight -> {}),
                null));
  }

  @Override
  public CompletableFuture<Seen> addWatch(Operation.AddWatch add) {
    return ask(
        answer ->
            zooKeeper.addWatch(
                root.absolute(add.path()),
                watchers.get(add.watcher()),
                AddWatchMode.valueOf(add.mode().name()),
                (code, path, context) -> end(answer, code, sight -> {}),
                null));
  }

  @Override
  public CompletableFuture<Seen> removeWatches(Operation.RemoveWatches remove) {
    String path = root.absolute(remove.path());
    WatcherType type = type(remove.kind());
    return ask(
        answer -> {
          if (remove.watcher() == Operation.NO_WATCHER) {
            zooKeeper.removeAllWatches(
                path, type, false, (code, asked, context) -> end(answer, code, sight -> {}), null);
          } else {
            zooKeeper.removeWatches(
                path,
                watchers.get(remove.watcher()),
                type,
                false,
                (code, asked, context) -> end(answer, code, sight -> {}),
                null);
          }
        });
  }

  private static WatcherType type(WatchKind kind) {
    return switch (kind) {
      case CHILDREN -> WatcherType.Children;
      case DATA -> WatcherType.Data;
      case ANY -> WatcherType.Any;
      case PERSISTENT -> WatcherType.Persistent;
      case PERSISTENT_RECURSIVE -> WatcherType.PersistentRecursive;
    };
  }

  @Override
  public long id() {
    return zooKeeper.getSessionId();
  }

  @Override
  public ImmutableList<Seen> takeLog() {
    return log.take();
  }

  @Override
  public CompletableFuture<@Nullable Void> close() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            zooKeeper.close();
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
        });
  }

  @Override
  public void abandon() {
    try {
      // Ends the client's threads and its connection, and nothing tells the server.
      AbandonableZooKeeper.class.cast(zooKeeper).abandon();
    } catch (RuntimeException failure) {
      throw new IllegalStateException("cannot abandon the session", failure);
    }
  }
}
