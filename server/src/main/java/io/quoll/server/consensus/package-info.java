/** Consensus on Ratis: batching, forwarding to the leader, snapshots between replicas. */
@NullMarked
package io.quoll.server.consensus;

import org.jspecify.annotations.NullMarked;
