/**
 * Certificates: how they are read from files, checked, and replaced while the server runs. Knows
 * neither gRPC nor Ratis, which both use them by the JDK's key managers and trust managers. (ADR
 * 25.)
 */
@NullMarked
package io.quoll.server.tls;

import org.jspecify.annotations.NullMarked;
