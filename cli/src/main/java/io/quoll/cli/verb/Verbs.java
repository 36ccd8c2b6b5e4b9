package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All verbs, by their names.
 *
 * <p>Confined to one thread.
 */
public final class Verbs {
  private final ImmutableSortedMap<String, Verb> byName;

  /**
   * The verbs.
   *
   * @param version the version of the tool
   */
  public Verbs(String version) {
    ImmutableList<Verb> all =
        ImmutableList.of(
            Ls.now(),
            Ls.older(),
            new Create(),
            new Get(),
            new Set(),
            new Stat(),
            new Delete(),
            new DeleteAll("deleteall"),
            new DeleteAll("rmr"),
            new GetAcl(),
            new SetAcl(),
            new AddAuth(),
            new WhoAmI(),
            new Sync(),
            new CountAll(),
            new AddWatch(),
            new RemoveWatches(),
            new Ephemerals(),
            new Watch(),
            new SetQuota(),
            new ListQuota(),
            new DelQuota(),
            new Sessions(),
            new Cluster(),
            new Config(),
            new Reconfig(),
            new Backup(),
            new Export(),
            new Import(),
            new Bench(),
            new Certs(InstantSource.system()),
            new Version(version),
            new Help(this),
            new History(),
            new Redo(),
            new Connect(),
            new PrintWatches(),
            new Close(),
            new Quit());
    this.byName =
        ImmutableSortedMap.copyOf(Maps.uniqueIndex(all, (Verb verb) -> verb.syntax().name()));
  }

  /**
   * The command that the words make, of which the first is the verb.
   *
   * @param notices where to say that a form is out of use
   * @throws UnknownVerbException if there is no such verb
   * @throws UsageException if the verb does not take the words
   */
  public Command parse(List<String> words, Consumer<String> notices) {
    Verb verb = require(words.get(0));
    return verb.parse(verb.syntax().parse(words.subList(1, words.size()), notices));
  }

  /** What each verb takes, one a line. */
  public ImmutableList<String> usages() {
    return byName.values().stream()
        .map(verb -> verb.syntax().usage())
        .collect(ImmutableList.toImmutableList());
  }

  /** The names of all verbs, in order. */
  public ImmutableSet<String> names() {
    return byName.keySet();
  }

  /**
   * What a verb takes.
   *
   * @throws UnknownVerbException if there is no such verb
   */
  public Syntax syntax(String name) {
    return require(name).syntax();
  }

  private Verb require(String name) {
    @Nullable Verb verb = byName.get(name);
    if (verb == null) {
      throw new UnknownVerbException(name);
    }
    return verb;
  }
}
