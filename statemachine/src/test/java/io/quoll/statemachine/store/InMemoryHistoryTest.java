package io.quoll.statemachine.store;

final class InMemoryHistoryTest extends HistoryContract {
  InMemoryHistoryTest() {
    super(StoreKind.IN_MEMORY);
  }
}
