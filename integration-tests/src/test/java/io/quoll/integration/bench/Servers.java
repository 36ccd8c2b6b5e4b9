package io.quoll.integration.bench;

import com.google.errorprone.annotations.Immutable;
import java.io.IOException;
import java.util.List;

/** How servers of a product are configured, started and asked. */
@Immutable
interface Servers {
  /** Where a server stands. */
  enum Standing {
    /** It takes no clients. */
    AWAY,
    /** It serves, and follows. */
    FOLLOWS,
    /** It serves, and leads. */
    LEADS
  }

  /** Writes what a server reads when it starts, into folders that exist. */
  void configure(Member member, List<Member> all, ServerSettings settings) throws IOException;

  /** What starts a server, in the foreground and with the process that it returns. */
  ProcessBuilder command(Member member, ServerSettings settings);

  /** Asks a server where it stands; bounded in time. */
  Standing standing(Member member);
}
