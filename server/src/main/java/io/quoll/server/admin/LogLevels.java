package io.quoll.server.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.quoll.server.admin.AdminPage.Access;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** What is logged, and a way to change that until the next start. Thread-safe. */
final class LogLevels {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);

  private LogLevels() {}

  static AdminCommand command() {
    return new AdminCommand("loglevel", ImmutableList.of(), Access.CHANGE, LogLevels::answer);
  }

  private static ObjectNode answer(AdminRequest request) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (request.isPost()) {
      change(context, request);
    }
    ObjectNode document = AdminReply.object();
    ObjectNode levels = document.putObject("levels");
    for (Logger logger : context.getLoggerList()) {
      if (logger.getLevel() != null) {
        levels.put(logger.getName(), logger.getLevel().toString());
      }
    }
    return document;
  }

  private static void change(LoggerContext context, AdminRequest request) {
    String name = required(request, "logger");
    String level = required(request, "level");
    boolean inherits = level.equalsIgnoreCase("inherit") && !name.equals(Logger.ROOT_LOGGER_NAME);
    Level parsed = inherits ? null : Level.toLevel(level, null);
    if (parsed == null && !inherits) {
      throw new BadRequestException(
          "the level is TRACE, DEBUG, INFO, WARN, ERROR, OFF or INHERIT, not \"" + level + "\"");
    }
    // A name that nobody has would stay for good.
    Logger logger = context.exists(name);
    if (logger == null) {
      throw new BadRequestException("nobody logs as \"" + name + "\"");
    }
    LOG.warn("What {} logs was changed from {} to {}", name, logger.getLevel(), level);
    logger.setLevel(parsed);
  }

  private static String required(AdminRequest request, String name) {
    Optional<String> value = request.parameter(name).filter(text -> !text.isEmpty());
    return value.orElseThrow(
        () -> new BadRequestException("the parameter " + name + " is missing"));
  }
}
