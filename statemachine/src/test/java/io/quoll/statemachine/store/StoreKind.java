package io.quoll.statemachine.store;

import java.nio.file.Path;

/** The implementations of {@link StateStore}, for what all of them keep. */
enum StoreKind {
  IN_MEMORY {
    @Override
    StateStore open(Path directory, HistoryLimits history) {
      return new InMemoryStore(history);
    }
  },
  ROCKS {
    @Override
    StateStore open(Path directory, HistoryLimits history) {
      return RocksStore.open(directory, new RocksConfig(8 << 20, 4 << 20, 1 << 20, history));
    }
  };

  /** A store in {@code directory}. */
  abstract StateStore open(Path directory, HistoryLimits history);
}
