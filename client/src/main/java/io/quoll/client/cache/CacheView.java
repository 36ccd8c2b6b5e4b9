package io.quoll.client.cache;

import com.google.common.collect.ImmutableSortedMap;
import io.quoll.client.ZnodeData;

/**
 * A subtree as it was at one zxid.
 *
 * @param znodes by path
 */
public record CacheView(long zxid, ImmutableSortedMap<String, ZnodeData> znodes) {}
