package io.quoll.server;

import com.google.common.collect.ImmutableList;
import io.quoll.server.tls.PortTls.ClientAuth;
import io.quoll.server.tls.TlsFiles;

/**
 * How the configuration protects a port.
 *
 * @param files its certificates
 * @param clientAuth whether those who call have to show one
 * @param protocols the versions of TLS that are spoken
 * @param verifiesServers between members: whether the certificate of a server that is called must
 *     be for the host that it is called at
 * @param verifiesCallers between members: whether the certificate of a caller must be for the host
 *     of a member
 */
record TlsConfig(
    TlsFiles files,
    ClientAuth clientAuth,
    ImmutableList<String> protocols,
    boolean verifiesServers,
    boolean verifiesCallers) {}
