package io.quoll.cli.reply;

import io.quoll.client.Stat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The path of a znode that was created, which for people is no data but a notice. */
public record CreatedReply(String path, Stat stat) implements Reply {
  @Override
  public void print(Output output) {
    output.notice("Created " + path);
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("created", path);
    document.put("stat", StatBlock.json(stat));
    return document;
  }
}
