/** Servers that keep a small tree in memory, for tests of the client and of what stands on it. */
@NullMarked
package io.quoll.client.fake;

import org.jspecify.annotations.NullMarked;
