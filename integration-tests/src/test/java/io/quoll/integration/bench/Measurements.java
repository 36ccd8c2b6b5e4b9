package io.quoll.integration.bench;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import io.quoll.cli.bench.Workload;
import java.util.List;
import java.util.function.Function;

/** All that was measured, as it comes. Confined to one thread. */
final class Measurements {
  private final ListMultimap<Key, Figures> workloads =
      MultimapBuilder.linkedHashKeys().arrayListValues().build();
  private final ListMultimap<FigureKey, Double> scenarios =
      MultimapBuilder.linkedHashKeys().arrayListValues().build();

  private record Key(Workload workload, Product product) {}

  private record FigureKey(String scenario, Metric metric, Product product) {}

  void add(Product product, ImmutableMap<Workload, Figures> turn) {
    turn.forEach((workload, figures) -> workloads.put(new Key(workload, product), figures));
  }

  void add(Scenario scenario, Product product, ImmutableMap<Metric, Double> figures) {
    figures.forEach(
        (metric, figure) -> scenarios.put(new FigureKey(scenario.name(), metric, product), figure));
  }

  /** What they come to, in the order in which they came. */
  Results results() {
    ImmutableList<Comparison> compared =
        workloads.keySet().stream()
            .map(Key::workload)
            .distinct()
            .map(
                workload ->
                    new Comparison(
                        workload.name(),
                        byProduct(
                            product -> workloads.get(new Key(workload, product)), Summary::of)))
            .collect(toImmutableList());
    ImmutableList<FigureComparison> figures =
        scenarios.keySet().stream()
            .map(key -> new FigureKey(key.scenario(), key.metric(), Product.QUOLL))
            .distinct()
            .map(this::comparison)
            .collect(toImmutableList());
    return new Results(compared, figures);
  }

  private FigureComparison comparison(FigureKey key) {
    return new FigureComparison(
        key.scenario(),
        key.metric(),
        byProduct(
            product -> scenarios.get(new FigureKey(key.scenario(), key.metric(), product)),
            ImmutableList::copyOf));
  }

  private static <T, R> ImmutableMap<Product, R> byProduct(
      Function<Product, List<T>> measured, Function<List<T>, R> together) {
    return ImmutableList.copyOf(Product.values()).stream()
        .filter(product -> !measured.apply(product).isEmpty())
        .collect(
            toImmutableMap(product -> product, product -> together.apply(measured.apply(product))));
  }
}
