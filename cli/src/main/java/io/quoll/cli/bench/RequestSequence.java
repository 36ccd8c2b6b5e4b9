package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The requests that are made one after another in the same place. Called by one thread at a time.
 */
interface RequestSequence {
  /** How many znodes a multi creates. */
  int MULTI_PARTS = 10;

  /** Of so many requests of a mix one is a write. */
  int MIXED_SHARE = 10;

  /** Goes to the next request, and tells whether it counts. */
  default boolean advance() {
    return true;
  }

  /** Makes the request. */
  void send(LoadSession session, Completion completion);

  /** The znodes of its own, which may be there when it ends. */
  default ImmutableList<String> own() {
    return ImmutableList.of();
  }

  /**
   * The sequence for a workload below a path.
   *
   * @param number tells it from all others of the workload, and decides its random choices
   */
  static RequestSequence of(Workload workload, ZnodePaths paths, int number) {
    SplittableRandom random = new SplittableRandom(number);
    return switch (workload.kind()) {
      case SET -> (session, completion) -> session.setData(paths.any(random), completion);
      case GET -> (session, completion) -> session.data(paths.any(random), completion);
      case MIXED ->
          (session, completion) -> {
            if (random.nextInt(MIXED_SHARE) == 0) {
              session.setData(paths.any(random), completion);
            } else {
              session.data(paths.any(random), completion);
            }
          };
      case CREATE_DELETE -> new CreateAndDelete(paths.own(number));
      case MULTI -> new CreateAllAndDeleteAll(paths.own(number));
    };
  }

  /** Creates a znode of its own and deletes it. */
  final class CreateAndDelete implements RequestSequence {
    private final String path;
    private boolean isCreate;

    CreateAndDelete(String path) {
      this.path = path;
    }

    @Override
    public ImmutableList<String> own() {
      return ImmutableList.of(path);
    }

    @Override
    public boolean advance() {
      isCreate = !isCreate;
      return true;
    }

    @Override
    public void send(LoadSession session, Completion completion) {
      if (isCreate) {
        session.create(path, completion);
      } else {
        session.delete(path, completion);
      }
    }
  }

  /** Creates znodes of its own and deletes them, which does not count. */
  final class CreateAllAndDeleteAll implements RequestSequence {
    private final ImmutableList<String> paths;
    private boolean isCreate;

    CreateAllAndDeleteAll(String path) {
      this.paths =
          IntStream.range(0, MULTI_PARTS)
              .mapToObj(part -> path + "-" + part)
              .collect(ImmutableList.toImmutableList());
    }

    @Override
    public ImmutableList<String> own() {
      return paths;
    }

    @Override
    public boolean advance() {
      isCreate = !isCreate;
      return isCreate;
    }

    @Override
    public void send(LoadSession session, Completion completion) {
      if (isCreate) {
        session.createAll(paths, completion);
      } else {
        session.deleteAll(paths, completion);
      }
    }
  }
}
