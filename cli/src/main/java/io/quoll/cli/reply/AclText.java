package io.quoll.cli.reply;

import com.google.common.collect.ImmutableSet;
import io.quoll.client.Acl;
import io.quoll.client.Permission;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** ACLs as ZooKeeper's shell prints them, and as JSON. */
public final class AclText {
  private AclText() {}

  static void print(Acl acl, Output output) {
    for (Acl.Entry entry : acl.entries()) {
      output.line("'" + entry.scheme() + ",'" + entry.id());
      output.line(": " + letters(entry.permissions()));
    }
  }

  static List<Map<String, Object>> json(Acl acl) {
    return acl.entries().stream().map(AclText::fields).toList();
  }

  private static Map<String, Object> fields(Acl.Entry entry) {
    return Map.of(
        "scheme", entry.scheme(),
        "id", entry.id(),
        "permissions", letters(entry.permissions()));
  }

  /** A letter for each, in the order {@code cdrwa}. */
  public static String letters(ImmutableSet<Permission> permissions) {
    return permissions.stream()
        .sorted()
        .map(permission -> permission.name().substring(0, 1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
