package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** Puts together what was seen. Confined to one thread. */
final class Sight {
  private final StringBuilder text = new StringBuilder();
  private final ImmutableList.Builder<Seen.Moment> moments = ImmutableList.builder();

  /** Begins with the name of a result: {@code OK}, or an error's without its underscores. */
  Sight(String code) {
    text.append(code.replace("_", ""));
  }

  /** Adds words. */
  Sight with(String words) {
    text.append(' ').append(words);
    return this;
  }

  /** Adds a zxid. */
  Sight at(long zxid) {
    moments.add(new Seen.Moment(zxid, Seen.NO_TIME));
    return this;
  }

  /** Adds names, whose order says nothing. */
  Sight withNames(List<String> names) {
    return with(names.stream().sorted().toList().toString());
  }

  /** Adds a stat, whose owner is named by the trial's sessions. */
  Sight withStat(
      Owners owners,
      int version,
      int cversion,
      int aversion,
      long ephemeralOwner,
      int dataLength,
      int numChildren) {
    return with(
        "version=%d cversion=%d aversion=%d owner=%s length=%d children=%d"
            .formatted(
                version, cversion, aversion, owners.name(ephemeralOwner), dataLength, numChildren));
  }

  /** Adds what a stat tells of zxids and times. */
  Sight withMoments(long czxid, long ctime, long mzxid, long mtime, long pzxid) {
    moments.add(new Seen.Moment(czxid, ctime));
    moments.add(new Seen.Moment(mzxid, mtime));
    return at(pzxid);
  }

  /** What came together. */
  Seen seen() {
    return new Seen(text.toString(), moments.build());
  }
}
