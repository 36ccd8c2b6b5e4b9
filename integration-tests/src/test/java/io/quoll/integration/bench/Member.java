package io.quoll.integration.bench;

import java.nio.file.Path;

/**
 * A server of an ensemble, whichever product it is.
 *
 * @param host where clients find it
 * @param peerHost where the other servers find it
 * @param electionPort where ZooKeeper's servers elect their leader; not used by Quoll
 * @param observer whether it never votes
 * @param folder where all of it is
 */
record Member(
    int id,
    String host,
    String peerHost,
    int clientPort,
    int peerPort,
    int electionPort,
    boolean observer,
    Path folder) {
  /** What it is, in the words of both configurations. */
  String role() {
    return observer ? "observer" : "participant";
  }

  Path configFile() {
    return folder.resolve("server.cfg");
  }

  Path dataDirectory() {
    return folder.resolve("data");
  }

  Path log() {
    return folder.resolve("server.log");
  }

  String clientAddress() {
    return host + ":" + clientPort;
  }
}
