package io.quoll.client;

import java.util.regex.Pattern;

/**
 * Maps the paths of a caller, which start at the chroot, to those of the tree, and back.
 *
 * @param prefix the path of the chroot; empty for the root itself
 */
record Chroot(String prefix) {
  private static final Pattern HALF_PAIR = Pattern.compile("\\p{Cs}");

  /**
   * The path in the tree. A path that does not start with a slash is left as it is: the server
   * refuses it, and says why, where the prefix would make a valid path of it.
   */
  String toTree(String path) {
    if (prefix.isEmpty() || !path.startsWith("/")) {
      return wellFormed(path);
    }
    return path.equals("/") ? prefix : prefix + wellFormed(path);
  }

  /**
   * The path in the tree for the start of a sequential znode's, where a slash at the end counts.
   */
  String toTreeSequential(String path) {
    return prefix.isEmpty() || !path.startsWith("/") ? wellFormed(path) : prefix + wellFormed(path);
  }

  /**
   * The path in the tree of what is to be deleted. No root can be deleted, and for whoever lives
   * below a chroot that is the root: the server is asked for its own root, and refuses.
   */
  String toTreeDeleted(String path) {
    return path.equals("/") ? path : toTree(path);
  }

  /**
   * The start of paths in the tree for the start of a caller's paths. Paths that begin so need not
   * be below the chroot: {@code /app} is also the start of {@code /apple}.
   */
  String toTreePrefix(String start) {
    return start.isEmpty() ? prefix : toTree(start);
  }

  /** Whether the path of the tree can be named by the caller. */
  boolean covers(String treePath) {
    return prefix.isEmpty() || treePath.equals(prefix) || treePath.startsWith(prefix + "/");
  }

  /**
   * On the wire half a surrogate pair would become a question mark, which is a valid name. As the
   * character that stands for what cannot be read, the server refuses it.
   */
  private static String wellFormed(String path) {
    return path.chars().anyMatch(c -> Character.isSurrogate((char) c))
        ? HALF_PAIR.matcher(path).replaceAll("\uFFFD")
        : path;
  }

  /** The path as the caller knows it; one that is not below the chroot is left as it is. */
  String fromTree(String path) {
    if (path.equals(prefix) && !prefix.isEmpty()) {
      return "/";
    }
    return path.startsWith(prefix + "/") ? path.substring(prefix.length()) : path;
  }

  /** A message of the server's, with a path in it as the caller knows that path. */
  String inMessage(String message, String treePath) {
    return prefix.isEmpty() ? message : message.replace(treePath, fromTree(treePath));
  }
}
