package io.quoll.integration.jmh;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.store.InMemoryStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The bytes of an entry with a hundred writes, made on the way to the log and read on the way from
 * it. A figure is for the entry. Confined to one thread.
 */
@State(Scope.Thread)
public class EntryCodecBenchmark extends Microbenchmark {
  private static final long TIME_MILLIS = 1_000_000;

  private final ImmutableList<Proposal> proposals =
      new SessionWrites(new InMemoryStore()).proposals();
  private final ByteString encoded = encode();

  /** From the proposals to the entry, as their server and the leader do together. */
  @Benchmark
  public ByteString encode() {
    ImmutableList<ByteString> each =
        proposals.stream().map(EntryCodec::encode).collect(toImmutableList());
    ByteString batch = EntryCodec.encodeBatch(new Origin(1, 1), 1, each);
    return EntryCodec.encodeEntry(TIME_MILLIS, ImmutableList.of(batch));
  }

  /** From the bytes to the entry, as every server does. */
  @Benchmark
  public LogEntry decode() {
    return EntryCodec.decode(encoded.asReadOnlyByteBuffer(), 1);
  }
}
