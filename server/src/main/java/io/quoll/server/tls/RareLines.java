package io.quoll.server.tls;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;

/** Keeps a line that comes again and again from filling the log. Thread-safe. */
public final class RareLines {
  private static final Duration APART = Duration.ofMinutes(1);
  private static final int LINES_MAX = 1_000;

  private final Cache<String, Boolean> told =
      CacheBuilder.newBuilder().expireAfterWrite(APART).maximumSize(LINES_MAX).build();

  /** Whether {@code line} was not told within the last minute; it counts as told from now on. */
  public boolean isDue(String line) {
    return told.asMap().putIfAbsent(line, true) == null;
  }
}
