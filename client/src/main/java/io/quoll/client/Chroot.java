package io.quoll.client;

/**
 * Maps the paths of a caller, which start at the chroot, to those of the tree, and back.
 *
 * @param prefix the path of the chroot; empty for the root itself
 */
record Chroot(String prefix) {
  /**
   * The path in the tree. A path that does not start with a slash is left as it is: the server
   * refuses it, and says why, where the prefix would make a valid path of it.
   */
  String toTree(String path) {
    if (prefix.isEmpty() || !path.startsWith("/")) {
      return path;
    }
    return path.equals("/") ? prefix : prefix + path;
  }

  /**
   * The path in the tree for the start of a sequential znode's, where a slash at the end counts.
   */
  String toTreeSequential(String path) {
    return prefix.isEmpty() || !path.startsWith("/") ? path : prefix + path;
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
