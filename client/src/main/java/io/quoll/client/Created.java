package io.quoll.client;

/**
 * A znode that was created.
 *
 * @param path its path, with its number if it is sequential
 */
public record Created(String path, Stat stat) {}
