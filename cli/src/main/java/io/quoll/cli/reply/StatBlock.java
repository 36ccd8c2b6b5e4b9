package io.quoll.cli.reply;

import io.quoll.client.Stat;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A stat as ZooKeeper's shell prints it, and as JSON. */
final class StatBlock {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.ENGLISH);

  private StatBlock() {}

  static void print(Stat stat, Output output) {
    output.line("cZxid = 0x" + Long.toHexString(stat.czxid()));
    output.line("ctime = " + time(stat.ctimeMillis(), output));
    output.line("mZxid = 0x" + Long.toHexString(stat.mzxid()));
    output.line("mtime = " + time(stat.mtimeMillis(), output));
    output.line("pZxid = 0x" + Long.toHexString(stat.pzxid()));
    output.line("cversion = " + stat.cversion());
    output.line("dataVersion = " + stat.version());
    output.line("aclVersion = " + stat.aversion());
    output.line("ephemeralOwner = 0x" + Long.toHexString(stat.ephemeralOwner()));
    output.line("dataLength = " + stat.dataLength());
    output.line("numChildren = " + stat.numChildren());
  }

  private static String time(long millis, Output output) {
    return TIME.format(Instant.ofEpochMilli(millis).atZone(output.zone()));
  }

  static Map<String, Object> json(Stat stat) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("czxid", stat.czxid());
    fields.put("mzxid", stat.mzxid());
    fields.put("pzxid", stat.pzxid());
    fields.put("ctimeMillis", stat.ctimeMillis());
    fields.put("mtimeMillis", stat.mtimeMillis());
    fields.put("version", stat.version());
    fields.put("cversion", stat.cversion());
    fields.put("aversion", stat.aversion());
    fields.put("ephemeralOwner", stat.ephemeralOwner());
    fields.put("dataLength", stat.dataLength());
    fields.put("numChildren", stat.numChildren());
    return fields;
  }
}
