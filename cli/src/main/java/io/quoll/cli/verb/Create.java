package io.quoll.cli.verb;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.quoll.cli.reply.CreatedReply;
import io.quoll.client.Acl;
import io.quoll.client.CreateMode;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates a znode; without data its data is null. */
final class Create implements Verb {
  private final Syntax syntax =
      Syntax.named("create")
          .takes("[-s] [-e] [-c] [-t ttl] path [data] [acl]")
          .does(
              "Creates a znode: -s appends a number, -e ends with the session, -c is a container,"
                  + " -t has a time to live in ms."
                  + " The acl is scheme:id:perms,... with perms of cdrwa.")
          .flags("-s", "-e", "-c")
          .valued("-t")
          .path(1, 3)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    @Nullable ByteString data = arguments.wordIfAny(1).map(ByteString::copyFromUtf8).orElse(null);
    Optional<Duration> ttl = arguments.option("-t").map(this::ttl);
    CreateMode mode = mode(arguments, ttl.isPresent());
    Acl acl = arguments.wordIfAny(2).map(AclWord::parse).orElse(Acl.OPEN);
    return new Command.Change(
        new Write.Create(arguments.word(0), data, mode, ttl.orElse(Duration.ZERO), acl),
        result -> new CreatedReply(result.path(), requireNonNull(result.stat())));
  }

  private CreateMode mode(Arguments arguments, boolean hasTtl) {
    boolean isSequential = arguments.has("-s");
    boolean isEphemeral = arguments.has("-e");
    boolean isContainer = arguments.has("-c");
    if (isContainer && (isEphemeral || isSequential)) {
      throw new UsageException(
          "-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.");
    }
    if (hasTtl && isEphemeral) {
      throw new UsageException("TTLs cannot be used with Ephemeral znodes");
    }
    if (hasTtl && isContainer) {
      throw new UsageException("TTLs cannot be used with Container znodes");
    }
    if (isContainer) {
      return CreateMode.CONTAINER;
    }
    if (isEphemeral) {
      return isSequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
    }
    if (hasTtl) {
      return isSequential
          ? CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL
          : CreateMode.PERSISTENT_WITH_TTL;
    }
    return isSequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
  }

  private Duration ttl(String text) {
    try {
      long millis = Long.parseLong(text);
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException notANumber) {
      // As if it were none.
    }
    throw new UsageException("\"" + text + "\" is no number of milliseconds\n" + syntax.usage());
  }
}
