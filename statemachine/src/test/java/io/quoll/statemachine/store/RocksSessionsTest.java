package io.quoll.statemachine.store;

final class RocksSessionsTest extends SessionsContract {
  RocksSessionsTest() {
    super(StoreKind.ROCKS);
  }
}
