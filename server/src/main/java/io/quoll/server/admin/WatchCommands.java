package io.quoll.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.Watches;

/** The commands about the watches of the sessions that are attached here. Thread-safe. */
final class WatchCommands {
  /** The most paths that are told, all sessions together. */
  static final int PATHS_MAX = 100_000;

  private final NodeParts parts;

  WatchCommands(NodeParts parts) {
    this.parts = parts;
  }

  ImmutableList<AdminCommand> all() {
    return ImmutableList.of(
        AdminCommand.open("watch_summary", request -> summary(), "wchs"),
        AdminCommand.details("watches", request -> bySession(), "wchc"),
        AdminCommand.details("watches_by_path", request -> byPath(), "wchp"));
  }

  private ObjectNode summary() {
    Watches.Summary summary = parts.watches().summary();
    return AdminReply.object()
        .put("num_connections", summary.watchers())
        .put("num_paths", summary.paths())
        .put("num_total_watches", summary.watches());
  }

  private ObjectNode bySession() {
    ListMultimap<Long, String> paths = paths();
    ObjectNode document = AdminReply.object();
    ObjectNode rows = document.putObject("session_id_to_watched_paths");
    paths.asMap().forEach((id, watched) -> watched.forEach(rows.putArray(Long.toString(id))::add));
    return document.put("truncated", paths.size() >= PATHS_MAX);
  }

  private ObjectNode byPath() {
    ListMultimap<Long, String> paths = paths();
    ObjectNode document = AdminReply.object();
    ObjectNode rows = document.putObject("path_to_session_ids");
    paths.forEach((id, path) -> row(rows, path).add(id));
    return document.put("truncated", paths.size() >= PATHS_MAX);
  }

  private static ArrayNode row(ObjectNode rows, String path) {
    // Not withArray, which takes a path for an expression.
    return rows.get(path) instanceof ArrayNode known ? known : rows.putArray(path);
  }

  private ListMultimap<Long, String> paths() {
    ListMultimap<Long, String> paths = MultimapBuilder.treeKeys().arrayListValues().build();
    for (SessionHold hold : parts.sessions().holds()) {
      paths.putAll(hold.sessionId(), hold.holder().watchedPaths(PATHS_MAX - paths.size()));
    }
    return paths;
  }
}
