package io.quoll.integration.jmh;

import io.quoll.statemachine.state.ZnodePath;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The check of a path, which every request begins with. Confined to one thread. */
@State(Scope.Thread)
public class ZnodePathBenchmark extends Microbenchmark {
  /** The path. */
  @Param({
    "/bench/znode-0001",
    "/services/region-1/cluster-7/shards/000017/replicas/000003/leader",
    "/äpfel/日本/naïve"
  })
  public String path = "/";

  /** From text to a path. */
  @Benchmark
  public ZnodePath parse() {
    return ZnodePath.of(path);
  }
}
