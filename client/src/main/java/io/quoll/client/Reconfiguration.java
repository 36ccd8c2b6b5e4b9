package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.util.List;

/**
 * A change of who the members of the ensemble are.
 *
 * @param joining who is to be a member, or to have another role
 * @param leaving the numbers of those that are to be members no longer
 * @param whole whether whoever is not among {@code joining} is to leave
 * @param version the version of the configuration that it is meant for, or {@link #ANY_VERSION}
 * @param dryRun whether only to tell what would come of it
 */
@Immutable
public record Reconfiguration(
    ImmutableList<MemberSpec> joining,
    ImmutableList<Integer> leaving,
    boolean whole,
    long version,
    boolean dryRun) {
  /** Whatever version the configuration has. */
  public static final long ANY_VERSION = -1;

  /** That these join, or have another role, and those leave. */
  public static Reconfiguration of(List<MemberSpec> joining, List<Integer> leaving) {
    return new Reconfiguration(
        ImmutableList.copyOf(joining), ImmutableList.copyOf(leaving), false, ANY_VERSION, false);
  }

  /** That these are the members, and nobody else. */
  public static Reconfiguration to(List<MemberSpec> members) {
    return new Reconfiguration(
        ImmutableList.copyOf(members), ImmutableList.of(), true, ANY_VERSION, false);
  }

  /** This change, only for that version of the configuration. */
  public Reconfiguration from(long onlyVersion) {
    return new Reconfiguration(joining, leaving, whole, onlyVersion, dryRun);
  }

  /** This change, of which only is told what would come. */
  public Reconfiguration asDryRun() {
    return new Reconfiguration(joining, leaving, whole, version, true);
  }
}
