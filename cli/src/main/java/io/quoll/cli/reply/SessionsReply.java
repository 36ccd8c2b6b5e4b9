package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.client.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sessions of the ensemble, as a table for people. Watches are known of the sessions that are
 * attached to the server that was asked.
 */
public record SessionsReply(ImmutableList<SessionInfo> sessions) implements Reply {
  @Override
  public void print(Output output) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(ImmutableList.of("ID", "TIMEOUT", "EPOCH", "EPHEMERALS", "WATCHES"));
    for (SessionInfo session : sessions) {
      rows.add(
          ImmutableList.of(
              "0x" + Long.toHexString(session.id()),
              session.timeout().toMillis() + " ms",
              Long.toString(session.epoch()),
              Long.toString(session.ephemerals()),
              session.attachedHere() ? Long.toString(session.watches()) : "-"));
    }
    Table.print(rows, output);
  }

  @Override
  public Map<String, Object> json() {
    return Map.of("sessions", sessions.stream().map(SessionsReply::fields).toList());
  }

  private static Map<String, Object> fields(SessionInfo session) {
    return ImmutableMap.of(
        "id", session.id(),
        "timeoutMillis", session.timeout().toMillis(),
        "epoch", session.epoch(),
        "ephemerals", session.ephemerals(),
        "attachedHere", session.attachedHere(),
        "watches", session.watches());
  }
}
