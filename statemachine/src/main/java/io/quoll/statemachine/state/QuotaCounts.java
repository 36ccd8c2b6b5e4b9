package io.quoll.statemachine.state;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedMap;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The quotas whose subtrees are still being counted, each with the last znode that was counted. A
 * subtree is counted in the order of {@link ZnodePath}, so what stands after that znode is not in
 * the usage yet. Kept as the data of {@link Genesis#QUOTA}, a line for each; a path holds neither
 * tabs nor line ends.
 */
public record QuotaCounts(ImmutableSortedMap<ZnodePath, ZnodePath> countedTo) {
  private static final Splitter LINES = Splitter.on('\n').omitEmptyStrings();

  /** The counts that are under way in {@code state}. */
  public static QuotaCounts in(StateView state) {
    ByteString data = state.data(Genesis.QUOTA);
    NavigableMap<ZnodePath, ZnodePath> countedTo = new TreeMap<>();
    if (data != null && !data.isEmpty()) {
      for (String line : LINES.split(data.toStringUtf8())) {
        List<String> words = Splitter.on('\t').splitToList(line);
        countedTo.put(ZnodePath.of(words.get(0)), ZnodePath.of(words.get(1)));
      }
    }
    return new QuotaCounts(ImmutableSortedMap.copyOf(countedTo));
  }

  /** The subtree that is to be counted on next, if there is any. */
  public Optional<ZnodePath> next() {
    return countedTo.isEmpty() ? Optional.empty() : Optional.of(countedTo.firstKey());
  }

  /** Whether the znode at {@code path} is in the usage of the quota of {@code subtree}. */
  boolean covers(ZnodePath subtree, ZnodePath path) {
    ZnodePath last = countedTo.get(subtree);
    return last == null || path.compareTo(last) <= 0;
  }

  /** These counts with another end of that of {@code subtree}; null for one that is whole. */
  QuotaCounts with(ZnodePath subtree, @Nullable ZnodePath last) {
    NavigableMap<ZnodePath, ZnodePath> changed = new TreeMap<>(countedTo);
    if (last == null) {
      changed.remove(subtree);
    } else {
      changed.put(subtree, last);
    }
    return new QuotaCounts(ImmutableSortedMap.copyOf(changed));
  }

  ByteString toData() {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<ZnodePath, ZnodePath> count : countedTo.entrySet()) {
      lines.append(count.getKey()).append('\t').append(count.getValue()).append('\n');
    }
    return ByteString.copyFromUtf8(lines.toString());
  }
}
