package io.quoll.client.cache;

import io.quoll.client.ZnodeData;
import org.jspecify.annotations.Nullable;

/**
 * How a znode of a cache differs from what it was. Exactly one of both is null if the znode was
 * created or deleted; a znode that was deleted and created again has both.
 *
 * @param before the znode as the cache had it, or null if it had none
 * @param after the znode as the cache has it now, or null if there is none
 */
public record CacheChange(String path, @Nullable ZnodeData before, @Nullable ZnodeData after) {}
