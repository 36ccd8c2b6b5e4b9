package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.CommandStreams.entry;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.EntryOutcome.Applied;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every stream of commands; a failure prints the seed that repeats it. */
class RandomCommandsTest {
  @Property(edgeCases = EdgeCasesMode.NONE)
  void anEntryComesToTheSameAsItsCommandsOneByOne(@ForAll("streams") List<Step> stream) {
    Tree together = tree();
    Tree oneByOne = tree();
    long sequence = 1;

    for (Step step : stream) {
      List<Applied> singles = new ArrayList<>();
      for (int i = 0; i < step.commands().size(); i++) {
        List<Command> single = step.commands().subList(i, i + 1);
        singles.addAll(applied(entry(step.timeMillis(), sequence + i, single), oneByOne));
      }
      LogEntry whole = entry(step.timeMillis(), sequence, step.commands());
      sequence += step.commands().size();

      assertThat(applied(whole, together)).isEqualTo(singles);
      assertThat(together.contents()).isEqualTo(oneByOne.contents());
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void theTreeIsSoundAfterEveryEntry(@ForAll("streams") List<Step> stream) {
    Tree tree = tree();
    long sequence = 1;

    for (Step step : stream) {
      var before = tree.znodes();
      applied(entry(step.timeMillis(), sequence, step.commands()), tree);
      sequence += step.commands().size();

      Soundness.check(tree);
      Soundness.checkSince(before, tree);
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aTransactionReadsAsTheTreeThatItLeads(
      @ForAll("commands") List<Command> commands,
      @ForAll("paths") ZnodePath ancestor,
      @ForAll("paths") ZnodePath after,
      @ForAll @IntRange(min = 1, max = 5) int limit) {
    Tree base = tree("/a", "/a/b", "/a/b/a", "/a0", "/a0/b", "/a-");
    Tree led = tree("/a", "/a/b", "/a/b/a", "/a0", "/a0/b", "/a-");
    applied(entry(1_000, 1, commands), led);

    StateTransaction transaction =
        EntryOutcome.of(
                entry(1_000, 1, commands),
                base,
                ReplyCodec::encode,
                (origin, sequence, state) -> {})
            .transaction();

    assertThat(transaction.find(ancestor)).isEqualTo(led.find(ancestor));
    assertThat(transaction.data(ancestor)).isEqualTo(led.data(ancestor));
    assertThat(transaction.children(ancestor, after.name(), limit))
        .isEqualTo(led.children(ancestor, after.name(), limit));
    assertThat(transaction.descendants(ancestor, after, limit))
        .isEqualTo(led.descendants(ancestor, after, limit));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void whatIsSentAgainIsAppliedOnce(
      @ForAll("streams") List<Step> stream, @ForAll List<@IntRange(max = 20) Integer> backwards) {
    Tree sentOnce = tree();
    Tree sentAgain = tree();
    List<Command> all = new ArrayList<>();

    for (Step step : stream) {
      int first = all.size();
      all.addAll(step.commands());
      applied(entry(step.timeMillis(), first + 1, step.commands()), sentOnce);
      applied(entry(step.timeMillis(), first + 1, step.commands()), sentAgain);
      for (int back : backwards) {
        int from = Math.max(0, all.size() - 1 - back);
        applied(entry(step.timeMillis(), from + 1, all.subList(from, all.size())), sentAgain);
      }
    }

    assertThat(sentAgain.contents()).isEqualTo(sentOnce.contents());
  }

  private static ImmutableList<Applied> applied(LogEntry entry, Tree to) {
    EntryOutcome outcome =
        EntryOutcome.of(entry, to, ReplyCodec::encode, (origin, sequence, state) -> {});
    to.take(outcome.transaction());
    return outcome.applied();
  }

  @Provide
  Arbitrary<List<Step>> streams() {
    return CommandStreams.steps().list().ofMinSize(1).ofMaxSize(10);
  }

  @Provide
  Arbitrary<List<Command>> commands() {
    return CommandStreams.commands().list().ofMinSize(1).ofMaxSize(30);
  }

  @Provide
  Arbitrary<ZnodePath> paths() {
    return CommandStreams.paths();
  }
}
