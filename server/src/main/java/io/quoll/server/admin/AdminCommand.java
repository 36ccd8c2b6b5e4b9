package io.quoll.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.quoll.server.admin.AdminPage.Access;
import java.util.function.Function;

/**
 * What may be asked for below {@code /commands}: as a rule what ZooKeeper's admin server answers by
 * the same name, with the same names of fields where the thing is the same.
 *
 * @param name its name
 * @param aliases its other names, the four letters among them
 * @param access whom it is for
 * @param answer makes the document
 */
record AdminCommand(
    String name,
    ImmutableList<String> aliases,
    Access access,
    Function<AdminRequest, ObjectNode> answer) {
  static AdminCommand open(
      String name, Function<AdminRequest, ObjectNode> answer, String... aliases) {
    return new AdminCommand(name, ImmutableList.copyOf(aliases), Access.OPEN, answer);
  }

  static AdminCommand details(
      String name, Function<AdminRequest, ObjectNode> answer, String... aliases) {
    return new AdminCommand(name, ImmutableList.copyOf(aliases), Access.DETAILS, answer);
  }

  /** The page that answers it. */
  AdminPage page() {
    return new AdminPage(access, this::reply);
  }

  private AdminReply reply(AdminRequest request) {
    ObjectNode document = answer.apply(request).put("command", name).putNull("error");
    return AdminReply.json(AdminReply.OK, document);
  }
}
