package io.quoll.server.admin;

import io.quoll.server.coordination.ApplyMeter;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.Measured;
import io.quoll.server.coordination.SessionExpirer;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.Watches;
import io.quoll.statemachine.store.StateStore;

/** The parts of the node that an administrator is told of. */
public record NodeParts(
    Consensus consensus,
    StateStore store,
    Coordinator coordinator,
    Sessions sessions,
    SessionExpirer expirer,
    Watches watches,
    ChangeFeed feed,
    ApplyMeter applied,
    Measured audit) {}
