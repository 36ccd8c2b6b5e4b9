package io.quoll.statemachine.store;

import java.nio.file.Path;

final class RocksStoreTest extends StateStoreContract {
  @Override
  StateStore open(Path directory) {
    return RocksStore.open(directory, RocksConfig.DEFAULT);
  }
}
