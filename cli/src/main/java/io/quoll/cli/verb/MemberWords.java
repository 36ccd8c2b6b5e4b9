package io.quoll.cli.verb;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.quoll.client.MemberSpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Members as configurations write them: {@code server.N=host:port[:port][:role][;[host:]port]},
 * where {@code server.} may be left out.
 */
final class MemberWords {
  private static final int CLIENT_PORT = 7181;
  private static final int ID_MAX = 255;
  private static final Pattern MEMBER =
      Pattern.compile(
          "(?:server\\.)?(\\d{1,3})=([^;]+?):(\\d{1,5})(?::\\d{1,5})?"
              + "(?::(participant|observer))?(?:;(?:(.+):)?(\\d{1,5}))?");

  private MemberWords() {}

  /** The member that {@code text} names. */
  static MemberSpec member(String text) {
    Matcher matcher = MEMBER.matcher(text.strip());
    if (!matcher.matches()) {
      throw new UsageException(
          "\"" + text + "\" is no member: N=host:port[:participant|observer][;[host:]clientPort]");
    }
    String host = matcher.group(2);
    String clientHost = matcher.group(5);
    String clientPort = matcher.group(6);
    boolean isNamed = clientHost != null && !clientHost.equals("0.0.0.0");
    return new MemberSpec(
        id(matcher.group(1)),
        host + ":" + matcher.group(3),
        (isNamed ? clientHost : host) + ":" + (clientPort == null ? CLIENT_PORT : clientPort),
        "observer".equals(matcher.group(4)));
  }

  /** The members that {@code text} names, one after a comma or in a line each. */
  static ImmutableList<MemberSpec> members(String text) {
    return Splitter.onPattern("[,\n]")
        .trimResults()
        .omitEmptyStrings()
        .splitToStream(text)
        .filter(line -> !line.startsWith("#") && !line.startsWith("version="))
        .map(MemberWords::member)
        .collect(ImmutableList.toImmutableList());
  }

  /** The number of a server. */
  static int id(String text) {
    if (text.matches("[1-9]\\d{0,2}") && Integer.parseInt(text) <= ID_MAX) {
      return Integer.parseInt(text);
    }
    throw new UsageException("\"" + text + "\" is no number of a server: they are 1 to " + ID_MAX);
  }

  /** The numbers of servers, after a comma each. */
  static ImmutableList<Integer> ids(String text) {
    return Splitter.on(',')
        .trimResults()
        .omitEmptyStrings()
        .splitToStream(text)
        .map(MemberWords::id)
        .collect(ImmutableList.toImmutableList());
  }
}
