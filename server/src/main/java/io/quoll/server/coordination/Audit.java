package io.quoll.server.coordination;

/**
 * Where it is written down who did what. Thread-safe; waits for nothing, so that it may be called
 * by the threads that apply and serve.
 */
public interface Audit {
  /** Writes nothing down. */
  Audit OFF =
      new Audit() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public void note(AuditEvent event) {
          // As the name says.
        }
      };

  /** Whether events are written down; where they are not, nobody needs to make any. */
  boolean isOn();

  /** Writes {@code event} down, soon. */
  void note(AuditEvent event);
}
