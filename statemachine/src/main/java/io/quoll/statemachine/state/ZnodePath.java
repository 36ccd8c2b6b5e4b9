package io.quoll.statemachine.state;

import com.google.common.base.Strings;
import com.google.common.base.Utf8;
import com.google.errorprone.annotations.Immutable;
import java.util.Locale;

/**
 * An absolute, normalised path of a znode, such as {@code /app/lock-0000000007}.
 *
 * <p>Ordered by depth first and by characters then, so that the children of a znode stand together,
 * and so do its descendants of any one depth. This is the order of the store's keys: no path holds
 * a surrogate, so the order of UTF-16 units is that of UTF-8 bytes.
 */
@Immutable
public final class ZnodePath implements Comparable<ZnodePath> {
  /** The longest path, in bytes of UTF-8. */
  public static final int PATH_BYTES_MAX = 32 * 1024;

  /** The root of the tree. */
  public static final ZnodePath ROOT = new ZnodePath("/", 0);

  private final String value;
  private final int depth;

  private ZnodePath(String value, int depth) {
    this.value = value;
    this.depth = depth;
  }

  /**
   * The path that {@code value} spells.
   *
   * @throws Rejection {@code BAD_ARGUMENTS} unless it starts with a slash, ends with none, and each
   *     of its components is neither empty nor {@code .} nor {@code ..} and free of the characters
   *     that ZooKeeper refuses (its {@code PathUtils}); {@code LIMIT_EXCEEDED} beyond {@link
   *     #PATH_BYTES_MAX}
   */
  public static ZnodePath of(String value) {
    if (value.equals("/")) {
      return ROOT;
    }
    checkLength(value, value.length());
    checkStart(value);
    int depth = 0;
    int start = 1;
    for (int i = 1; i <= value.length(); i++) {
      if (i < value.length() && value.charAt(i) != '/') {
        checkCharacter(value, i);
        continue;
      }
      checkComponent(value, start, i);
      depth++;
      start = i + 1;
    }
    checkLength(value, Utf8.encodedLength(value));
    return new ZnodePath(value, depth);
  }

  private static void checkStart(String value) {
    if (value.isEmpty()) {
      throw invalid(value, "it is empty; a path starts with \"/\"");
    }
    if (value.charAt(0) != '/') {
      throw invalid(value, "it does not start with \"/\"");
    }
    if (value.charAt(value.length() - 1) == '/') {
      throw invalid(value, "it ends with \"/\"");
    }
  }

  private static void checkComponent(String value, int start, int end) {
    if (end == start) {
      throw invalid(value, "it has an empty component at character " + start);
    }
    boolean oneDot = end == start + 1 && value.charAt(start) == '.';
    boolean twoDots = end == start + 2 && value.startsWith("..", start);
    if (oneDot || twoDots) {
      throw invalid(value, "it is relative: \".\" and \"..\" are no names");
    }
  }

  private static void checkCharacter(String value, int at) {
    char c = value.charAt(at);
    if (c <= '\u001f'
        || (c >= '\u007f' && c <= '\u009f')
        || (c >= '\ud800' && c <= '\uf8ff')
        || c >= '\ufff0') {
      String code = Integer.toHexString(c).toUpperCase(Locale.ROOT);
      throw invalid(
          value,
          "character "
              + at
              + " (U+"
              + Strings.padStart(code, 4, '0')
              + ") is not allowed in a path");
    }
  }

  private static void checkLength(String value, int length) {
    if (length > PATH_BYTES_MAX) {
      throw new Rejection(
          ErrorCode.LIMIT_EXCEEDED,
          value.substring(0, 64) + "…",
          "the path is longer than " + PATH_BYTES_MAX + " bytes of UTF-8");
    }
  }

  private static Rejection invalid(String value, String why) {
    return new Rejection(
        ErrorCode.BAD_ARGUMENTS, value, "Invalid path string \"" + value + "\": " + why);
  }

  /** The path as text. */
  public String value() {
    return value;
  }

  /** How many components the path has; the root has none. */
  public int depth() {
    return depth;
  }

  /** Whether this is the path of the root. */
  public boolean isRoot() {
    return depth == 0;
  }

  /** The last component; empty for the root. */
  public String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /** The parent; the parent of the root is the root. */
  public ZnodePath parent() {
    if (depth <= 1) {
      return ROOT;
    }
    return new ZnodePath(value.substring(0, value.lastIndexOf('/')), depth - 1);
  }

  /**
   * The child named {@code name}.
   *
   * @throws Rejection as {@link #of} does, and {@code BAD_ARGUMENTS} if the name holds a slash
   */
  public ZnodePath child(String name) {
    ZnodePath child = of(childPrefix() + name);
    if (child.depth != depth + 1) {
      throw invalid(child.value, "\"" + name + "\" is not one name");
    }
    return child;
  }

  /** What the paths of all children, and of all other descendants, start with. */
  public String childPrefix() {
    return isRoot() ? "/" : value + "/";
  }

  /** Whether this is a descendant of {@code other}; no path is one of itself. */
  public boolean isBelow(ZnodePath other) {
    return depth > other.depth && value.startsWith(other.childPrefix());
  }

  /** The ancestor of that depth, from 1 to the depth of this path, which is itself. */
  ZnodePath ancestor(int ofDepth) {
    if (ofDepth == depth) {
      return this;
    }
    int end = 0;
    for (int i = 0; i < ofDepth; i++) {
      end = value.indexOf('/', end + 1);
    }
    return new ZnodePath(value.substring(0, end), ofDepth);
  }

  /** This path moved below {@code other}; may be longer than a path can be. */
  ZnodePath movedBelow(ZnodePath other) {
    return isRoot() ? other : new ZnodePath(other.value + value, other.depth + depth);
  }

  // The descendants at one depth stand between these two bounds, which are no paths themselves: '0'
  // is the character after '/'.
  ZnodePath lowerBoundBelow(int depth) {
    return new ZnodePath(childPrefix(), depth);
  }

  ZnodePath upperBoundBelow(int depth) {
    return new ZnodePath(isRoot() ? "0" : value + "0", depth);
  }

  ZnodePath lowerBoundOfChildrenAfter(String name) {
    return new ZnodePath(childPrefix() + name, depth + 1);
  }

  @Override
  public int compareTo(ZnodePath other) {
    return depth != other.depth
        ? Integer.compare(depth, other.depth)
        : value.compareTo(other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ZnodePath path && path.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
