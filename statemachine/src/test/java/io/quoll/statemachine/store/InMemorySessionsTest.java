package io.quoll.statemachine.store;

final class InMemorySessionsTest extends SessionsContract {
  InMemorySessionsTest() {
    super(StoreKind.IN_MEMORY);
  }
}
