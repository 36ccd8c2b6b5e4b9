package io.quoll.client;

import org.jspecify.annotations.Nullable;

/**
 * What became of a part of a multi.
 *
 * @param code {@code OK} if the multi took place; else {@code OK} before the part that failed, that
 *     part's error, {@code RUNTIME_INCONSISTENCY} after it
 * @param message what the error was, in words; empty if there is none
 * @param path for a create that took place the path of the new znode, else empty
 * @param stat for a create or a set-data that took place the stat after it, else null
 */
public record WriteResult(ErrorCode code, String message, String path, @Nullable Stat stat) {}
