package io.quoll.cli.reply;

import io.quoll.client.ZnodeAcl;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A znode's ACL; in JSON the stat is always there.
 *
 * @param withStat whether people see the stat too
 */
public record AclReply(String path, ZnodeAcl znode, boolean withStat) implements Reply {
  @Override
  public void print(Output output) {
    AclText.print(znode.acl(), output);
    if (withStat) {
      StatBlock.print(znode.stat(), output);
    }
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("path", path);
    document.put("acl", AclText.json(znode.acl()));
    document.put("stat", StatBlock.json(znode.stat()));
    return document;
  }
}
