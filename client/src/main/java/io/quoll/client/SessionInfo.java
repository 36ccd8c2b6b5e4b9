package io.quoll.client;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;

/**
 * A session of the ensemble, whoever holds it, as the server that was asked knows it.
 *
 * @param timeout how long it may be without contact
 * @param epoch how often it was attached
 * @param ephemerals how many ephemeral znodes it owns
 * @param attachedHere whether it is attached to the server that was asked
 * @param watches how many watches it has there
 */
@Immutable
public record SessionInfo(
    long id, Duration timeout, long epoch, long ephemerals, boolean attachedHere, long watches) {}
