package io.quoll.statemachine.command;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Random commands over few names, so that they meet: about half of them succeed, and znodes are
 * often created, deleted and created again.
 */
final class CommandStreams {
  static final Origin ORIGIN = new Origin(1, 100);

  private CommandStreams() {}

  /** Commands that share a log entry, under a clock that may go back. */
  static Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.longs().between(1_000, 9_999), commands().list().ofMinSize(1).ofMaxSize(12))
        .as(Step::new);
  }

  static Arbitrary<Command> commands() {
    return Arbitraries.frequencyOf(
        Tuple.of(12, parts()),
        Tuple.of(3, parts().list().ofMaxSize(6).map(CommandStreams::multi)),
        Tuple.of(2, paths().map(DeleteRecursive::new)),
        Tuple.of(2, paths().map(DeleteIfUnused::new)),
        Tuple.of(2, Combinators.combine(paths(), quotas()).as(SetQuota::new)),
        Tuple.of(1, paths().map(RemoveQuota::new)),
        Tuple.of(1, paths().map(CountQuota::new)),
        Tuple.of(1, Arbitraries.create(Barrier::new)),
        Tuple.of(1, Arbitraries.integers().between(1, 3).map(CommandStreams::register)));
  }

  private static Arbitrary<Command> parts() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, creates()),
        Tuple.of(3, Combinators.combine(paths(), versions()).as(Delete::new)),
        Tuple.of(3, Combinators.combine(paths(), data(), versions()).as(SetData::new)),
        Tuple.of(1, Combinators.combine(paths(), versions()).as(Check::new)));
  }

  private static Arbitrary<Command> creates() {
    return Combinators.combine(paths(), names(), modes(), data())
        .as(
            (parent, name, mode, data) ->
                new Create(parent, name, mode, mode.hasTimeToLive() ? 500 : 0, data, Acl.OPEN));
  }

  private static Arbitrary<CreateMode> modes() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.of(CreateMode.PERSISTENT, CreateMode.PERSISTENT_SEQUENTIAL)),
        Tuple.of(1, Arbitraries.of(CreateMode.class)));
  }

  static Arbitrary<ZnodePath> paths() {
    return names()
        .list()
        .ofMaxSize(3)
        .map(
            names ->
                names.isEmpty() ? ZnodePath.ROOT : ZnodePath.of("/" + String.join("/", names)));
  }

  // "a-" and "a0" stand before and after the slash, where a wrong bound of a range would show.
  private static Arbitrary<String> names() {
    return Arbitraries.of("a", "a", "b", "a-", "a0", "zookeeper");
  }

  private static Arbitrary<ByteString> data() {
    return Arbitraries.of("", "x", "yy").map(ByteString::copyFromUtf8).injectNull(0.2);
  }

  private static Arbitrary<QuotaLimits> quotas() {
    Arbitrary<Long> limits = Arbitraries.longs().between(QuotaLimits.KEEP, 8);
    return Combinators.combine(limits, limits, limits, limits).as(QuotaLimits::new);
  }

  private static Arbitrary<Integer> versions() {
    return Arbitraries.of(-1, -1, 0, 1);
  }

  private static Command multi(List<Command> parts) {
    return new Multi(ImmutableList.copyOf(parts));
  }

  private static Command register(int serverId) {
    return new RegisterServer(serverId, "directory-" + serverId, "host:7181");
  }

  /** A log entry with {@code commands}, the first of which has the number {@code firstSequence}. */
  static LogEntry entry(long timeMillis, long firstSequence, List<Command> commands) {
    ImmutableList<Proposal> proposals =
        commands.stream()
            .map(command -> new Proposal(Caller.ANONYMOUS, command))
            .collect(toImmutableList());
    return new LogEntry(
        1, timeMillis, ImmutableList.of(new Batch(ORIGIN, firstSequence, proposals)));
  }
}
