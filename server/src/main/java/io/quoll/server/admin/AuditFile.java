package io.quoll.server.admin;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The file that the audit log goes to: a new one each day, and each {@link #FILE_BYTES}; old ones
 * are compressed, and go after {@link #DAYS_KEPT} days or beyond {@link #BYTES_KEPT}. Where the
 * configuration of logback gives the logger {@code io.quoll.audit} an appender, that is used
 * instead.
 */
public final class AuditFile {
  /** The logger of the audit log. */
  public static final String LOGGER = "io.quoll.audit";

  static final long FILE_BYTES = 64L << 20;
  static final int DAYS_KEPT = 30;
  static final long BYTES_KEPT = 1L << 30;

  private AuditFile() {}

  /** Takes lines to {@code audit.log} in {@code directory}, which is made if it is missing. */
  public static Consumer<String> in(Path directory) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger logger = context.getLogger(LOGGER);
    logger.setLevel(Level.INFO);
    if (!logger.iteratorForAppenders().hasNext()) {
      logger.setAdditive(false);
      logger.addAppender(appender(context, directory));
    }
    return logger::info;
  }

  private static RollingFileAppender<ILoggingEvent> appender(
      LoggerContext context, Path directory) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%msg%n");
    encoder.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("audit");
    appender.setFile(directory.resolve("audit.log").toString());
    appender.setEncoder(encoder);
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(directory.resolve("audit.%d{yyyy-MM-dd}.%i.log.gz").toString());
    policy.setMaxFileSize(new FileSize(FILE_BYTES));
    policy.setMaxHistory(DAYS_KEPT);
    policy.setTotalSizeCap(new FileSize(BYTES_KEPT));
    policy.start();
    appender.setRollingPolicy(policy);
    appender.setTriggeringPolicy(policy);
    appender.start();
    return appender;
  }
}
