package io.quoll.statemachine.store;

final class RocksHistoryTest extends HistoryContract {
  RocksHistoryTest() {
    super(StoreKind.ROCKS);
  }
}
