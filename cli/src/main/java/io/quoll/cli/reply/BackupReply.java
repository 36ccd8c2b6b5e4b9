package io.quoll.cli.reply;

import com.google.common.collect.ImmutableMap;
import io.quoll.client.backup.BackupInfo;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** A backup that was made or read to its end. */
public record BackupReply(Path file, BackupInfo info, long fileBytes) implements Reply {
  @Override
  public void print(Output output) {
    output.line(file.toString());
    output.line("  cluster    " + info.clusterId());
    output.line(
        "  taken      "
            + DateTimeFormatter.ISO_INSTANT.format(info.created())
            + " from server "
            + info.serverId()
            + ", version "
            + info.serverVersion());
    output.line(
        "  zxid       0x"
            + Long.toHexString(info.zxid())
            + ", term "
            + info.term()
            + ", index "
            + info.index());
    output.line("  digest     " + Long.toHexString(info.treeDigest()));
    output.line(
        "  znodes     "
            + info.znodes()
            + ", of which "
            + info.ephemerals()
            + " are ephemeral, with "
            + info.dataBytes()
            + " bytes of data");
    output.line("  file       " + fileBytes + " bytes, format " + info.formatVersion());
  }

  @Override
  public Map<String, Object> json() {
    return ImmutableMap.<String, Object>builder()
        .putAll(manifest(file, info, fileBytes))
        .put("znodes", info.znodes())
        .put("ephemerals", info.ephemerals())
        .put("dataBytes", info.dataBytes())
        .buildOrThrow();
  }

  /** What the beginning of a backup tells. */
  static Map<String, Object> manifest(Path file, BackupInfo info, long fileBytes) {
    return ImmutableMap.<String, Object>builder()
        .put("file", file.toString())
        .put("cluster", info.clusterId())
        .put("server", info.serverId())
        .put("serverVersion", info.serverVersion())
        .put("created", info.created().toString())
        .put("term", info.term())
        .put("index", info.index())
        .put("zxid", info.zxid())
        .put("digest", Long.toHexString(info.treeDigest()))
        .put("formatVersion", info.formatVersion())
        .put("fileBytes", fileBytes)
        .buildOrThrow();
  }
}
