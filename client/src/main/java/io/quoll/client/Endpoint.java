package io.quoll.client;

import java.util.Optional;

/**
 * What is connected to.
 *
 * @param address where the server is
 * @param tls how the connection is protected; empty for plaintext
 */
record Endpoint(ServerAddress address, Optional<TlsOptions> tls) {}
