package io.quoll.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.quoll.client.Applied;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.ZnodeData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes one znode that no one else writes, each time with the version that it must have by then,
 * and each time another value. The client's reads must be linearizable.
 */
final class Counter implements Writer {
  private final QuollClient client;
  private final String path;
  private final AtomicLong acknowledged = new AtomicLong();
  private final List<String> violations = new ArrayList<>();
  // Values that were written with the present version and of which nobody knows what they came to.
  private final Set<ByteString> pending = new HashSet<>();
  private ByteString value;
  private int version;
  private long attempts;

  /** A writer of {@code path}, which was created with {@code value}. */
  Counter(QuollClient client, String path, ByteString value) {
    this.client = client;
    this.path = path;
    this.value = value;
  }

  @Override
  public void step() {
    ByteString next = ByteString.copyFrom("attempt " + attempts++, UTF_8);
    try {
      int reached = client.setData(path, next, version).version();
      if (reached != version + 1) {
        violations.add("%s: version %d came after %d".formatted(path, reached, version));
      }
      moveTo(next, reached);
      acknowledged.incrementAndGet();
    } catch (QuollException failure) {
      if (failure.applied() != Applied.NO) {
        pending.add(next);
      }
      if (failure.applied() != Applied.NO || failure.code() == ErrorCode.BAD_VERSION) {
        look();
      }
    }
  }

  private void look() {
    try {
      lookBy(client);
    } catch (QuollException unavailable) {
      // Then the next attempt is made on what was known before, and told if that is out of date.
    }
  }

  private void lookBy(QuollClient reader) {
    ZnodeData found = reader.data(path);
    ByteString foundValue = found.data();
    int foundVersion = found.stat().version();
    boolean same = foundVersion == version && value.equals(foundValue);
    boolean moved = foundVersion == version + 1 && pending.contains(foundValue);
    if (moved) {
      moveTo(foundValue, foundVersion);
    } else if (!same) {
      violations.add(
          "%s: known was version %d with \"%s\", and found is version %d with \"%s\""
              .formatted(path, version, text(value), foundVersion, text(foundValue)));
      moveTo(foundValue, foundVersion);
    }
  }

  private static String text(ByteString bytes) {
    return bytes.toString(UTF_8);
  }

  private void moveTo(ByteString newValue, int newVersion) {
    value = newValue;
    version = newVersion;
    pending.clear();
  }

  @Override
  public void finish() {}

  @Override
  public long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public List<String> violations(QuollClient reader) {
    lookBy(reader);
    return violations;
  }
}
