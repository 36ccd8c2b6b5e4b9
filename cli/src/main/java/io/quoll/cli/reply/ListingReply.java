package io.quoll.cli.reply;

import io.quoll.client.Child;
import io.quoll.client.ChildrenPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of a znode's children, in order.
 *
 * @param withStat whether people see the stat of the znode too
 */
public record ListingReply(String path, ChildrenPage page, boolean withStat) implements Reply {
  @Override
  public void print(Output output) {
    output.line("[" + String.join(", ", names()) + "]");
    if (withStat) {
      StatBlock.print(page.stat(), output);
    }
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("path", path);
    document.put("children", names());
    document.put("stat", StatBlock.json(page.stat()));
    return document;
  }

  private List<String> names() {
    return page.children().stream().map(Child::name).toList();
  }
}
