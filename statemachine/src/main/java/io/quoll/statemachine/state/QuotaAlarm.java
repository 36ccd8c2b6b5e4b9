package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/**
 * A soft limit was crossed: the subtree held as much as it ought to, and now holds more.
 *
 * @param path the root of the subtree
 * @param measure what there is too much of, {@code count} or {@code bytes}
 * @param usage how much of it there is
 * @param limit how much there ought to be at most
 */
@Immutable
public record QuotaAlarm(ZnodePath path, String measure, long usage, long limit) {}
