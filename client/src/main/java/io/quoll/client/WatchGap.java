package io.quoll.client;

/**
 * Events that a watch may have missed, because the history of the server that the session came to
 * does not reach back to where the session left the last one, or the handlers were so slow that
 * more events waited for them than are kept. What is watched has to be read anew.
 *
 * @param afterZxid all events up to this zxid were told
 * @param throughZxid and all after this one will be
 */
public record WatchGap(long afterZxid, long throughZxid) {}
