package io.quoll.cli.verb;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.LoadPlan.TreeUse;
import io.quoll.cli.bench.Workload;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts load on the ensemble and measures what it takes. */
final class Bench implements Verb {
  private static final String KINDS =
      Arrays.stream(Workload.Kind.values())
          .map(Workload.Kind::label)
          .collect(Collectors.joining("|"));

  private final Syntax syntax =
      Syntax.named("bench")
          .takes(
              "[--workload "
                  + KINDS
                  + "] [--sessions n] [--in-flight n] [--value-size bytes] [--znodes n]"
                  + " [--seconds n] [--warmup n] [--rate n] [--path path]")
          .does(
              "Measures what the ensemble takes, on znodes that it creates below a path of its own"
                  + " and deletes again; with --rate in an open loop of so many requests a second.")
          .valued(
              "--workload",
              "--sessions",
              "--in-flight",
              "--value-size",
              "--znodes",
              "--seconds",
              "--warmup",
              "--rate",
              "--path")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.option("--path").orElse("/quoll-bench");
    LoadPlan plan =
        new LoadPlan(
            path,
            TreeUse.PASSING,
            false,
            Duration.ofSeconds(number(arguments, "--warmup", 10)),
            Duration.ofSeconds(number(arguments, "--seconds", 30)),
            value(arguments, "--rate", Doubles::tryParse).orElse(0.0),
            Optional.empty());
    if (plan.measured().isZero() || plan.rate() < 0) {
      throw new UsageException(syntax.usage());
    }
    return new Command.Work(path, new LoadWork(workload(arguments), plan));
  }

  private Workload workload(Arguments arguments) {
    try {
      return new Workload(
          Workload.Kind.labelled(arguments.option("--workload").orElse("set")),
          number(arguments, "--sessions", 6),
          number(arguments, "--in-flight", 100),
          number(arguments, "--value-size", Workload.VALUE_BYTES),
          number(arguments, "--znodes", Workload.ZNODES));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(wrong.getMessage() + "\n" + syntax.usage());
    }
  }

  private int number(Arguments arguments, String option, int usual) {
    int number = value(arguments, option, Ints::tryParse).orElse(usual);
    if (number < 0) {
      throw new UsageException("%s must not be negative%n%s".formatted(option, syntax.usage()));
    }
    return number;
  }

  private <T> Optional<T> value(
      Arguments arguments, String option, Function<String, @Nullable T> parser) {
    Optional<String> text = arguments.option(option);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    @Nullable T value = parser.apply(text.get());
    if (value == null) {
      throw new UsageException(
          "%s needs a number, which \"%s\" is not%n%s"
              .formatted(option, text.get(), syntax.usage()));
    }
    return Optional.of(value);
  }
}
