package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/** A part of a multi-read. */
@Immutable
public sealed interface Read {
  /** The path that it is about, as the caller knows it. */
  String path();

  /** A znode's data and stat. */
  record GetData(String path) implements Read {}

  /** A znode's stat, if there is such a znode. */
  record Exists(String path) implements Read {}

  /** A page of a znode's children. */
  record Children(String path, PageRequest page) implements Read {}
}
