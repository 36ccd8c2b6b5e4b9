package io.quoll.integration.bench;

import java.util.Locale;

/** What is compared. */
public enum Product {
  QUOLL("Quoll", new QuollServers()),
  ZOOKEEPER("ZooKeeper", new ZooKeeperServers());

  private final String title;
  private final Servers servers;

  Product(String title, Servers servers) {
    this.title = title;
    this.servers = servers;
  }

  /** What people call it. */
  String title() {
    return title;
  }

  /** What files and fields call it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  Servers servers() {
    return servers;
  }
}
