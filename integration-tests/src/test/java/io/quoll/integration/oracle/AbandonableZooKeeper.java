package io.quoll.integration.oracle;

import java.io.IOException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** ZooKeeper's client, which can also vanish without closing its session. Thread-safe. */
final class AbandonableZooKeeper extends ZooKeeper {
  AbandonableZooKeeper(String connectString, int timeoutMillis, Watcher watcher)
      throws IOException {
    super(connectString, timeoutMillis, watcher);
  }

  /** Ends the client and its connection; the session goes on until it expires. */
  void abandon() {
    cnxn.disconnect();
  }
}
