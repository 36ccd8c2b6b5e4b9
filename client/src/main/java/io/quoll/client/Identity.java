package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * Somebody whom a caller has proved to be.
 *
 * @param scheme the scheme, such as {@code digest}
 * @param user for the scheme digest the user, for the others the id
 */
@Immutable
public record Identity(String scheme, String user) {}
