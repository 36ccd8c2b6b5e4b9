package io.quoll.integration.oracle;

import static io.quoll.integration.oracle.IntendedDifference.MULTI_WITH_WRONG_ARGUMENTS;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.Child;
import io.quoll.client.EventType;
import io.quoll.client.MultiOutcome;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollException;
import io.quoll.client.QuollRuntime;
import io.quoll.client.Read;
import io.quoll.client.ReadResult;
import io.quoll.client.Stat;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchGap;
import io.quoll.client.WatchHandler;
import io.quoll.client.WatchKind;
import io.quoll.client.Write;
import io.quoll.client.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A session of Quoll. Thread-safe. */
final class QuollSessionClient implements Client {
  private final AsyncQuollSession session;
  private final Optional<QuollRuntime> ownRuntime;
  private final Root root;
  private final Owners owners;
  private final SessionLog log = new SessionLog();
  private final ImmutableList<WatchHandler> watchers =
      IntStream.range(0, WATCHERS)
          .<WatchHandler>mapToObj(Handler::new)
          .collect(ImmutableList.toImmutableList());

  /**
   * A client of an open session.
   *
   * @param ownRuntime the runtime that only this session has, if it is to be abandoned
   */
  QuollSessionClient(
      AsyncQuollSession session, Optional<QuollRuntime> ownRuntime, Root root, Owners owners) {
    this.session = session;
    this.ownRuntime = ownRuntime;
    this.root = root;
    this.owners = owners;
  }

  private final class Handler implements WatchHandler {
    private final int number;

    Handler(int number) {
      this.number = number;
    }

    @Override
    public void onEvent(WatchEvent event) {
      log.addEvent(
          number,
          new Sight(words(event.type())).with(root.relative(event.path())).at(event.zxid()).seen());
    }

    @Override
    public void onGap(WatchGap gap) {
      log.addEvent(number, new Sight("a gap").seen());
    }

    @Override
    public void onRemoved(String path, WatchKind kind) {
      Seen removed = new Sight(words(kind)).with(root.relative(path)).seen();
      if (kind == WatchKind.PERSISTENT_RECURSIVE && log.wasJustTold(number, removed)) {
        return; // See IntendedDifference.PERSISTENT_KINDS_REMOVED.
      }
      log.addEvent(number, removed);
    }
  }

  private static String words(EventType type) {
    return switch (type) {
      case NODE_CREATED -> "NodeCreated";
      case NODE_DELETED -> "NodeDeleted";
      case NODE_DATA_CHANGED -> "NodeDataChanged";
      case NODE_CHILDREN_CHANGED -> "NodeChildrenChanged";
    };
  }

  private static String words(WatchKind kind) {
    return switch (kind) {
      case CHILDREN -> "ChildWatchRemoved";
      case DATA -> "DataWatchRemoved";
      case ANY -> throw new IllegalArgumentException("no watch is of any kind");
      case PERSISTENT, PERSISTENT_RECURSIVE -> "PersistentWatchRemoved";
    };
  }

  private <T extends @Nullable Object> CompletableFuture<Seen> seen(
      CompletableFuture<T> answer, BiConsumer<Sight, T> words) {
    return answer.handleAsync(
        (found, failure) -> log.addAnswer(sight(found, failure, words)), session.executor());
  }

  private static <T extends @Nullable Object> Seen sight(
      T found, @Nullable Throwable failure, BiConsumer<Sight, T> words) {
    if (failure != null) {
      return new Sight(QuollException.in(failure).code().name()).seen();
    }
    Sight sight = new Sight("OK");
    words.accept(sight, found);
    return sight.seen();
  }

  private void add(Sight sight, Stat stat) {
    sight
        .withStat(
            owners,
            stat.version(),
            stat.cversion(),
            stat.aversion(),
            stat.ephemeralOwner(),
            stat.dataLength(),
            stat.numChildren())
        .withMoments(
            stat.czxid(), stat.ctimeMillis(), stat.mzxid(), stat.mtimeMillis(), stat.pzxid());
  }

  private static @Nullable ByteString bytes(@Nullable String data) {
    return data == null ? null : ByteString.copyFromUtf8(data);
  }

  private static String words(@Nullable ByteString data) {
    return data == null ? "null" : "'" + BaseEncoding.base16().encode(data.toByteArray()) + "'";
  }

  private static ImmutableList<String> names(List<Child> children) {
    return children.stream().map(Child::name).collect(ImmutableList.toImmutableList());
  }

  @Override
  public CompletableFuture<Seen> create(Operation.Create create) {
    return seen(
        session.create(
            root.absolute(create.path()),
            bytes(create.data()),
            create.mode(),
            Duration.ofMillis(create.ttlMillis())),
        (sight, created) -> add(sight.with(root.relative(created.path())), created.stat()));
  }

  @Override
  public CompletableFuture<Seen> delete(Operation.Delete delete) {
    return seen(
        session.delete(root.absolute(delete.path()), delete.version()), (sight, none) -> {});
  }

  @Override
  public CompletableFuture<Seen> setData(Operation.SetData setData) {
    return seen(
        session.setData(root.absolute(setData.path()), bytes(setData.data()), setData.version()),
        this::add);
  }

  @Override
  public CompletableFuture<Seen> multi(Operation.Multi multi) {
    return session
        .multi(multi.parts().stream().map(this::part).toList())
        .handleAsync(
            (outcome, failure) ->
                log.addAnswer(
                    MULTI_WITH_WRONG_ARGUMENTS.applyTo(
                        failure == null
                            ? multiSeen(multi, outcome)
                            : new Sight(QuollException.in(failure).code().name()).seen())),
            session.executor());
  }

  private Write part(Operation.Write write) {
    if (write instanceof Operation.Create create) {
      return new Write.Create(
          root.absolute(create.path()),
          bytes(create.data()),
          create.mode(),
          Duration.ofMillis(create.ttlMillis()));
    }
    if (write instanceof Operation.Delete delete) {
      return new Write.Delete(root.absolute(delete.path()), delete.version());
    }
    if (write instanceof Operation.SetData setData) {
      return new Write.SetData(
          root.absolute(setData.path()), bytes(setData.data()), setData.version());
    }
    Operation.Check check = (Operation.Check) write;
    return new Write.Check(root.absolute(check.path()), check.version());
  }

  // The name of the whole is that of the part that failed, as ZooKeeper's client has it.
  private Seen multiSeen(Operation.Multi multi, MultiOutcome outcome) {
    Sight sight = new Sight(code(outcome));
    for (int i = 0; i < outcome.results().size(); i++) {
      WriteResult result = outcome.results().get(i);
      sight.with(";").with(result.code().name().replace("_", ""));
      if (outcome.committed() && multi.parts().get(i) instanceof Operation.Create) {
        sight.with(root.relative(result.path()));
      }
      if (outcome.committed() && multi.parts().get(i) instanceof Operation.SetData) {
        add(sight, Objects.requireNonNull(result.stat()));
      }
    }
    return sight.seen();
  }

  private static String code(MultiOutcome outcome) {
    return outcome.results().stream()
        .map(result -> result.code().name())
        .filter(code -> !code.equals("OK"))
        .findFirst()
        .orElse("OK");
  }

  @Override
  public CompletableFuture<Seen> multiRead(Operation.MultiRead multiRead) {
    return session
        .multiRead(multiRead.parts().stream().map(this::part).toList())
        .handleAsync(
            (outcome, failure) -> {
              if (failure != null) {
                return log.addAnswer(new Sight(QuollException.in(failure).code().name()).seen());
              }
              Sight sight = new Sight("READ");
              outcome.results().forEach(result -> add(sight.with(";"), result));
              return log.addAnswer(sight.seen());
            },
            session.executor());
  }

  private Read part(Operation.Read read) {
    if (read instanceof Operation.GetData data) {
      return new Read.GetData(root.absolute(data.path()));
    }
    return new Read.Children(
        root.absolute(((Operation.GetChildren) read).path()), PageRequest.first());
  }

  private void add(Sight sight, ReadResult result) {
    if (result instanceof ReadResult.Data data) {
      add(sight.with("OK " + words(data.znode().data())), data.znode().stat());
    } else if (result instanceof ReadResult.Children children) {
      sight.with("OK").withNames(names(children.page().children()));
    } else {
      sight.with(((ReadResult.Failed) result).code().name().replace("_", ""));
    }
  }

  @Override
  public CompletableFuture<Seen> data(Operation.GetData data) {
    String path = root.absolute(data.path());
    return seen(
        data.watcher() == Operation.NO_WATCHER
            ? session.data(path)
            : session.data(path, watchers.get(data.watcher())),
        (sight, znode) -> add(sight.with(words(znode.data())), znode.stat()));
  }

  // That there is none is an error of ZooKeeper's, and an answer of Quoll's.
  @Override
  public CompletableFuture<Seen> exists(Operation.Exists exists) {
    String path = root.absolute(exists.path());
    return (exists.watcher() == Operation.NO_WATCHER
            ? session.exists(path)
            : session.exists(path, watchers.get(exists.watcher())))
        .handleAsync(
            (stat, failure) ->
                log.addAnswer(
                    failure == null && stat.isEmpty()
                        ? new Sight("NONODE").seen()
                        : sight(stat, failure, (sight, found) -> add(sight, found.orElseThrow()))),
            session.executor());
  }

  @Override
  public CompletableFuture<Seen> children(Operation.GetChildren children) {
    String path = root.absolute(children.path());
    return seen(
        children.watcher() == Operation.NO_WATCHER
            ? session.allChildren(path, PageRequest.first())
            : session.allChildren(path, PageRequest.first(), watchers.get(children.watcher())),
        (sight, page) -> add(sight.withNames(names(page.children())), page.stat()));
  }

  @Override
  public CompletableFuture<Seen> countAll(Operation.CountAll count) {
    return seen(
        session.countDescendants(root.absolute(count.path())),
        (sight, number) -> sight.with(Long.toString(number)));
  }

  @Override
  public CompletableFuture<Seen> ephemerals(Operation.Ephemerals ephemerals) {
    return seen(
        session.ephemerals(root.absolute(ephemerals.pathPrefix())),
        (sight, paths) -> sight.withNames(paths.stream().map(root::relative).toList()));
  }

  @Override
  public CompletableFuture<Seen> sync(Operation.Sync sync) {
    return seen(session.sync(root.absolute(sync.path())), (sight, none) -> {});
  }

  @Override
  public CompletableFuture<Seen> addWatch(Operation.AddWatch add) {
    return seen(
        session.addWatch(root.absolute(add.path()), add.mode(), watchers.get(add.watcher())),
        (sight, none) -> {});
  }

  @Override
  public CompletableFuture<Seen> removeWatches(Operation.RemoveWatches remove) {
    String path = root.absolute(remove.path());
    return seen(
        remove.watcher() == Operation.NO_WATCHER
            ? session.removeWatches(path, remove.kind())
            : session.removeWatches(path, remove.kind(), watchers.get(remove.watcher())),
        (sight, none) -> {});
  }

  @Override
  public long id() {
    return session.id();
  }

  @Override
  public ImmutableList<Seen> takeLog() {
    return log.take();
  }

  @Override
  public CompletableFuture<@Nullable Void> close() {
    CompletableFuture<@Nullable Void> closed = session.close();
    Consumer<QuollRuntime> end = QuollRuntime::close;
    return closed.whenCompleteAsync((none, failure) -> ownRuntime.ifPresent(end));
  }

  @Override
  public void abandon() {
    ownRuntime.orElseThrow().close();
  }
}
