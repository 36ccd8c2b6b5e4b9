package io.quoll.cli.verb;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.quoll.cli.reply.AclText;
import io.quoll.client.Acl;
import io.quoll.client.Permission;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ACL as it is typed, {@code scheme:id:perms,...}. An id may have colons, as addresses do, and
 * commas, as names of subjects of certificates do: an entry ends where the permissions do.
 */
final class AclWord {
  private static final Pattern FORM = Pattern.compile("([^:]+):(.*):([^:]*)");

  private AclWord() {}

  /**
   * The ACL that the word spells.
   *
   * @throws UsageException if it spells none
   */
  static Acl parse(String word) {
    ImmutableList.Builder<Acl.Entry> entries = ImmutableList.builder();
    String open = "";
    for (String part : Splitter.on(',').split(word)) {
      String entry = open.isEmpty() ? part : open + "," + part;
      if (isWhole(entry)) {
        entries.add(entry(entry));
        open = "";
      } else {
        open = entry;
      }
    }
    if (!open.isEmpty() || word.endsWith(",")) {
      throw new UsageException(fault(open));
    }
    return new Acl(entries.build());
  }

  private static boolean isWhole(String entry) {
    Matcher form = FORM.matcher(entry);
    return form.matches() && form.group(3).matches("[cdrwa]+");
  }

  private static Acl.Entry entry(String whole) {
    Matcher form = FORM.matcher(whole);
    if (!form.matches()) {
      throw new IllegalArgumentException(whole);
    }
    return new Acl.Entry(form.group(1), form.group(2), permissions(form.group(3)));
  }

  private static ImmutableSet<Permission> permissions(String letters) {
    return Permission.ALL.stream()
        .filter(permission -> letters.contains(AclText.letters(ImmutableSet.of(permission))))
        .collect(Sets.toImmutableEnumSet());
  }

  private static String fault(String open) {
    Matcher form = FORM.matcher(open);
    String unknown = form.matches() ? form.group(3).replaceAll("[cdrwa]", "") : "";
    return unknown.isEmpty()
        ? open + " does not have the form scheme:id:perm"
        : "Unknown perm type: " + unknown.charAt(0) + " in " + open;
  }
}
