package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import io.quoll.client.backup.BackupInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The backups in a folder, by what they begin with. */
public record BackupListReply(ImmutableList<Listed> backups) implements Reply {
  /** A file and what it begins with. */
  public record Listed(Path file, BackupInfo info, long fileBytes) {}

  @Override
  public void print(Output output) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(ImmutableList.of("FILE", "CREATED", "CLUSTER", "SERVER", "ZXID", "BYTES"));
    for (Listed backup : backups) {
      rows.add(
          ImmutableList.of(
              backup.file().toString(),
              backup.info().created().toString(),
              backup.info().clusterId(),
              Integer.toString(backup.info().serverId()),
              "0x" + Long.toHexString(backup.info().zxid()),
              Long.toString(backup.fileBytes())));
    }
    Table.print(rows, output);
  }

  @Override
  public Map<String, Object> json() {
    return Map.of(
        "backups",
        backups.stream()
            .map(each -> BackupReply.manifest(each.file(), each.info(), each.fileBytes()))
            .toList());
  }
}
