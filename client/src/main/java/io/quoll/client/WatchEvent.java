package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * A change that a watch tells of.
 *
 * @param path the znode, as the caller knows it; for {@link EventType#NODE_CHILDREN_CHANGED} the
 *     parent
 * @param zxid the zxid of the change
 */
@Immutable
public record WatchEvent(EventType type, String path, long zxid) {}
