package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Check;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteIfUnused;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.RegisterServer;
import io.quoll.statemachine.command.RemoveQuota;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.command.SetQuota;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Commands on a small tree of few names, so that many of them meet and some are rejected. */
final class RandomCommands {
  private static final ImmutableList<String> NAMES = ImmutableList.of("a", "b", "é", "日", "a!");
  private static final ImmutableList<CreateMode> MODES = ImmutableList.copyOf(CreateMode.values());
  private static final Acl LISTED =
      new Acl(
          ImmutableList.of(
              new Acl.Entry(15, "world", "anyone"), new Acl.Entry(31, "digest", "ada:hash")));
  private static final int DEPTH_MAX = 4;
  private static final int DATA_BYTES_MAX = 300;

  private final Random random;

  RandomCommands(Random random) {
    this.random = random;
  }

  ImmutableList<Command> next(int count) {
    ImmutableList.Builder<Command> commands = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      commands.add(next());
    }
    return commands.build();
  }

  private Command next() {
    return switch (random.nextInt(20)) {
      case 0 -> new Barrier();
      case 1 -> random.nextBoolean() ? new DeleteRecursive(path()) : new DeleteIfUnused(path());
      case 2 -> new RegisterServer(random.nextInt(3), "directory-" + random.nextInt(9), "host:1");
      case 3, 4, 5 -> multi();
      case 6 -> random.nextInt(4) == 0 ? new RemoveQuota(path()) : new SetQuota(path(), quota());
      case 7 -> new SetAcl(path().child(name()), acl(), version());
      default -> part();
    };
  }

  private QuotaLimits quota() {
    return new QuotaLimits(
        random.nextInt(20) - 2L, QuotaLimits.NONE, random.nextInt(40) - 2L, QuotaLimits.NONE);
  }

  private Command multi() {
    ImmutableList.Builder<Command> parts = ImmutableList.builder();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      parts.add(part());
    }
    return new Multi(parts.build());
  }

  private Command part() {
    return switch (random.nextInt(10)) {
      case 0 -> new Check(path(), version());
      case 1, 2 -> new Delete(path(), version());
      case 3, 4, 5 -> new SetData(path(), data(), version());
      case 6 -> new Create(path(), "n-", CreateMode.PERSISTENT_SEQUENTIAL, 0, data(), acl());
      case 7 -> anyMode(MODES.get(random.nextInt(MODES.size())));
      default -> new Create(path(), name(), CreateMode.PERSISTENT, 0, data(), acl());
    };
  }

  private Create anyMode(CreateMode mode) {
    long ttlMillis = mode.hasTimeToLive() ? 1 + random.nextInt(50) : 0;
    return new Create(path(), name(), mode, ttlMillis, data(), acl());
  }

  private ZnodePath path() {
    ZnodePath path = ZnodePath.ROOT;
    int depth = random.nextInt(DEPTH_MAX);
    for (int i = 0; i < depth; i++) {
      path = path.child(name());
    }
    return path;
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private int version() {
    return random.nextInt(4) - 1;
  }

  private Acl acl() {
    return switch (random.nextInt(12)) {
      case 0 -> Acl.READABLE;
      case 1, 2, 3 -> LISTED;
      default -> Acl.OPEN;
    };
  }

  private @Nullable ByteString data() {
    if (random.nextInt(8) == 0) {
      return null;
    }
    byte[] data = new byte[random.nextInt(DATA_BYTES_MAX)];
    random.nextBytes(data);
    return ByteString.copyFrom(data);
  }
}
