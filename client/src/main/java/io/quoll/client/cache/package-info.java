/**
 * A view of a subtree that a session's watch keeps current: {@link
 * io.quoll.client.cache.ZnodeCache}.
 */
@NullMarked
package io.quoll.client.cache;

import org.jspecify.annotations.NullMarked;
