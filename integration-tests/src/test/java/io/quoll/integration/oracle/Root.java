package io.quoll.integration.oracle;

import com.google.errorprone.annotations.Immutable;

/**
 * Where the relative paths of a trial lie for one of its sessions. A path that begins with {@code
 * !} is absolute.
 *
 * @param prefix what comes before a relative path: empty for a session that has a chroot
 * @param chroot the chroot of the session, or empty
 */
@Immutable
record Root(String prefix, String chroot) {
  private static final String ABSOLUTE = "!";

  /** How the session names a path. */
  String absolute(String relative) {
    if (relative.startsWith(ABSOLUTE)) {
      return relative.substring(ABSOLUTE.length());
    }
    String path = prefix + relative;
    return path.isEmpty() ? "/" : path;
  }

  /**
   * How a session without the chroot names it; see {@link IntendedDifference#CHROOT_LEFT_ON_PATHS}.
   */
  String withChroot(String relative) {
    return chroot.isEmpty() ? absolute(relative) : chroot + prefix + relative;
  }

  /** The path that the session names so. */
  String relative(String absolute) {
    if (absolute.equals("/") || !absolute.startsWith(prefix)) {
      return prefix.isEmpty() ? "" : ABSOLUTE + absolute;
    }
    return absolute.substring(prefix.length());
  }

  /** As {@link #relative}; see {@link IntendedDifference#CHROOT_LEFT_ON_PATHS}. */
  String relativeWithoutChroot(String path) {
    return relative(path.startsWith(chroot) ? path.substring(chroot.length()) : path);
  }
}
