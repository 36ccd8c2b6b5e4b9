/**
 * What an administrator sees of a node: an HTTP port of its own with health, metrics and commands.
 * It reads, by {@code coordination}, and changes nothing but what is logged. (ADR 0027.)
 */
@NullMarked
package io.quoll.server.admin;

import org.jspecify.annotations.NullMarked;
