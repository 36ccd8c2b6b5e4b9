package io.quoll.integration.bench;

import java.nio.file.Path;

/**
 * A server of an ensemble, whichever product it is.
 *
 * @param host where clients find it
 * @param peerHost where the other servers find it
 * @param electionPort where ZooKeeper's servers elect their leader; not used by Quoll
 * @param folder where all of it is
 */
record Member(
    int id,
    String host,
    String peerHost,
    int clientPort,
    int peerPort,
    int electionPort,
    Path folder) {
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
