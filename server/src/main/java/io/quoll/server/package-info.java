/** A node: configuration, wiring and the order of start and stop. */
@NullMarked
package io.quoll.server;

import org.jspecify.annotations.NullMarked;
