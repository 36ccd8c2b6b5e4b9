package io.quoll.integration.fault;

import java.time.Duration;

/**
 * One thing that a schedule does.
 *
 * @param atLeader whether it hits whoever leads by then
 * @param server whom it hits otherwise, or what else there is to choose
 * @param lasts how long, if it does not end by itself
 * @param calm how long nothing happens afterwards
 * @param strength from 0 to 1, for whatever may be more or less
 */
record Step(
    Fault fault,
    Moment moment,
    boolean atLeader,
    int server,
    Duration lasts,
    Duration calm,
    double strength) {}
