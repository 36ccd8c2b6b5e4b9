package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import io.quoll.client.CreateMode;
import io.quoll.client.WatchKind;
import io.quoll.client.WatchMode;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Steps at random, on so few paths that they meet each other often. All depends on the seed alone.
 * Confined to one thread.
 */
final class RandomSteps {
  private static final ImmutableList<String> NAMES = ImmutableList.of("/a", "/b");
  private static final ImmutableList<String> BAD_PATHS =
      ImmutableList.of("/a/", "/a//b", "/a/./b", "/../a", "a", "/a\u0001", "!", "!no-slash");
  private static final ImmutableList<String> RESERVED_PATHS =
      ImmutableList.of("!/", "!/zookeeper", "!/zookeeper/quota", "!/zookeeper/config");
  private static final ImmutableList<String> READ_RESERVED_PATHS =
      ImmutableList.of("!/zookeeper", "!/zookeeper/quota", "!/zookeeper/quota/none");
  private static final int PATH_NAMES_MAX = 3;
  private static final int PARTS_MAX = 4;
  private static final int VERSION_MAX = 3;
  private static final long TTL_MILLIS = 3_600_000;
  private static final int REOPEN_PERMILLE = 8;

  private final Random random;

  RandomSteps(long seed) {
    this.random = new Random(seed);
  }

  /** So many steps; if {@code mortal}, a session vanishes in two of them. */
  ImmutableList<Step> steps(int count, boolean mortal) {
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      if (mortal && (i == count / 3 || i == count * 2 / 3)) {
        steps.add(new Step.Expire());
      } else {
        steps.add(step(mortal));
      }
    }
    return steps.build();
  }

  private Step step(boolean mortal) {
    int session = random.nextInt(Step.SESSIONS);
    if (random.nextInt(1_000) < REOPEN_PERMILLE && !(mortal && session == Step.Expire.MORTAL)) {
      return new Step.Reopen(session);
    }
    return new Step.Request(session, operation());
  }

  private Operation operation() {
    int choice = random.nextInt(100);
    if (choice < 24) {
      return create(random.nextInt(100) == 0, path());
    }
    if (choice < 38) {
      return delete();
    }
    if (choice < 50) {
      return setData();
    }
    if (choice < 58) {
      return new Operation.Multi(list(PARTS_MAX, this::write));
    }
    if (choice < 67) {
      return new Operation.GetData(readPath(), watcher());
    }
    if (choice < 76) {
      return new Operation.Exists(readPath(), watcher());
    }
    if (choice < 84) {
      return new Operation.GetChildren(readPath(), watcher());
    }
    if (choice < 86) {
      return new Operation.MultiRead(list(PARTS_MAX, this::read));
    }
    if (choice < 88) {
      return new Operation.CountAll(readPath());
    }
    if (choice < 91) {
      return new Operation.Ephemerals(random.nextBoolean() ? "" : pathBelow());
    }
    if (choice < 92) {
      return new Operation.Sync(path());
    }
    if (choice < 95) {
      return new Operation.AddWatch(path(), any(WatchMode.values()), someWatcher());
    }
    return new Operation.RemoveWatches(
        path(),
        any(WatchKind.values()),
        random.nextInt(3) == 0 ? Operation.NO_WATCHER : someWatcher());
  }

  private Operation.Write write() {
    return switch (random.nextInt(4)) {
      case 0 -> new Operation.Delete(pathBelow(), version());
      case 1 -> setData();
      case 2 -> new Operation.Check(path(), version());
      default -> create(false, pathBelow());
    };
  }

  private Operation.Read read() {
    return random.nextBoolean()
        ? new Operation.GetData(path(), Operation.NO_WATCHER)
        : new Operation.GetChildren(path(), Operation.NO_WATCHER);
  }

  // A wrong time to live is refused by ZooKeeper's client, which in a multi just drops it.
  private Operation.Create create(boolean hasWrongTtl, String path) {
    CreateMode mode = random.nextInt(3) == 0 ? any(CreateMode.values()) : CreateMode.PERSISTENT;
    long ttl = mode.hasTtl() != hasWrongTtl ? TTL_MILLIS : 0;
    return new Operation.Create(newPath(mode, path), data(), mode, ttl);
  }

  private String newPath(CreateMode mode, String path) {
    if (!mode.isSequential()) {
      return path;
    }
    boolean isNumberAlone = !path.isEmpty() && random.nextInt(8) == 0;
    return path + (isNumberAlone ? "/" : "/s-");
  }

  private Operation.Delete delete() {
    if (random.nextInt(60) == 0) {
      return new Operation.Delete(any(RESERVED_PATHS), version());
    }
    return new Operation.Delete(path(), version());
  }

  private Operation.SetData setData() {
    return new Operation.SetData(path(), data(), version());
  }

  private String path() {
    int rare = random.nextInt(200);
    if (rare == 0) {
      return any(BAD_PATHS);
    }
    if (rare < 6) {
      return ""; // The root of the trial, which may come to be deleted and created again.
    }
    return pathBelow();
  }

  private String readPath() {
    return random.nextInt(60) == 0 ? any(READ_RESERVED_PATHS) : path();
  }

  // See the intended differences for why there are others that multis do not ask for.
  private String pathBelow() {
    StringBuilder path = new StringBuilder();
    int names = 1 + random.nextInt(PATH_NAMES_MAX);
    for (int i = 0; i < names; i++) {
      path.append(any(NAMES));
    }
    if (random.nextInt(8) == 0) {
      path.append("/s-%010d".formatted(random.nextInt(6)));
    }
    return path.toString();
  }

  private @Nullable String data() {
    int choice = random.nextInt(6);
    return choice == 0 ? null : "x".repeat(choice - 1);
  }

  private int version() {
    return random.nextInt(3) > 0 ? -1 : random.nextInt(VERSION_MAX);
  }

  private int watcher() {
    return random.nextBoolean() ? Operation.NO_WATCHER : someWatcher();
  }

  private int someWatcher() {
    return random.nextInt(Client.WATCHERS);
  }

  private <T> ImmutableList<T> list(int most, Supplier<T> element) {
    ImmutableList.Builder<T> list = ImmutableList.builder();
    int size = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(most);
    for (int i = 0; i < size; i++) {
      list.add(element.get());
    }
    return list.build();
  }

  private <T> T any(ImmutableList<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
