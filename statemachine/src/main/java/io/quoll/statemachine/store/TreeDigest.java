package io.quoll.statemachine.store;

import com.google.errorprone.annotations.Immutable;

/**
 * A digest of the tree at one zxid: the sum, modulo 2^64, of the fingerprints of all its znodes
 * with their paths and data, so that it follows each change at the cost of that change. (The idea
 * is that of ZooKeeper's AdHash.)
 *
 * @param zxid the zxid of the tree
 * @param value the digest
 */
@Immutable
public record TreeDigest(long zxid, long value) {}
