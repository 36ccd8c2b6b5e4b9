package io.quoll.statemachine.store;

import java.nio.file.Path;

final class InMemoryStoreTest extends StateStoreContract {
  @Override
  StateStore open(Path directory) {
    return new InMemoryStore();
  }
}
