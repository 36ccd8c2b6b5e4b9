package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;

/** Who may do what to a znode: whoever one of the entries names may do what it allows. */
@Immutable
public record Acl(ImmutableList<Entry> entries) {
  /** Everyone may do everything. */
  public static final Acl OPEN =
      new Acl(ImmutableList.of(new Entry("world", "anyone", Permission.ALL)));

  /** Everyone may read, and nobody may do anything else. */
  public static final Acl READABLE =
      new Acl(ImmutableList.of(new Entry("world", "anyone", ImmutableSet.of(Permission.READ))));

  /** Whoever the caller has proved to be may do everything, and nobody else anything. */
  public static final Acl CREATOR_ALL =
      new Acl(ImmutableList.of(new Entry("auth", "", Permission.ALL)));

  /**
   * What one identity may do.
   *
   * @param scheme how the identity is proved: {@code world}, {@code auth}, {@code digest}, {@code
   *     ip} or {@code x509}
   * @param id the identity, in the form of its scheme; {@code anyone} for world
   * @param permissions what it may do
   */
  @Immutable
  public record Entry(String scheme, String id, ImmutableSet<Permission> permissions) {}
}
