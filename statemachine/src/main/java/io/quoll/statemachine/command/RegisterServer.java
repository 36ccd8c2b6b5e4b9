package io.quoll.statemachine.command;

import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;

/**
 * Records where a server takes clients and which data directory it has; the first proposal of every
 * start of a server. Takes no zxid, for the tree does not change.
 *
 * @param serverId the server's number
 * @param directoryId the random name of its data directory, kept there from its first start on
 * @param clientAddress where it takes clients, as {@code host:port}
 */
public record RegisterServer(int serverId, String directoryId, String clientAddress)
    implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    ServerRecord known = state.server(serverId).orElse(ServerRecord.unknown(serverId));
    state.putServer(known.registered(directoryId, clientAddress));
    return new Result.Done();
  }
}
