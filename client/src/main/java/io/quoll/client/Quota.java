package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * The quota of a subtree.
 *
 * @param limits what it may hold
 * @param count how many znodes it has, its root among them
 * @param bytes how many bytes of data they have
 * @param isCounted whether that is all of it; a large subtree is counted little by little after its
 *     first quota is set
 */
@Immutable
public record Quota(QuotaLimits limits, long count, long bytes, boolean isCounted) {}
