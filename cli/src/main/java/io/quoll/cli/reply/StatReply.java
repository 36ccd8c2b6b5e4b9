package io.quoll.cli.reply;

import io.quoll.client.Stat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A znode's stat.
 *
 * @param isShown whether people see it; programs always do
 */
public record StatReply(String path, Stat stat, boolean isShown) implements Reply {
  @Override
  public void print(Output output) {
    if (isShown) {
      StatBlock.print(stat, output);
    }
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("path", path);
    document.put("stat", StatBlock.json(stat));
    return document;
  }
}
