package io.quoll.client;

import com.google.errorprone.annotations.Immutable;

/**
 * Which children of a znode to list, and what with them.
 *
 * @param limit how many at most; 0 for as many as the server puts on a page
 * @param pageToken empty for the first page, then the token that came with the page before
 */
@Immutable
public record PageRequest(int limit, String pageToken, boolean withStat, boolean withData) {
  /** The first page, names only. */
  public static PageRequest first() {
    return new PageRequest(0, "", false, false);
  }

  /** This request, limited to so many children. */
  public PageRequest withLimit(int most) {
    return new PageRequest(most, pageToken, withStat, withData);
  }

  /** This request for the page that the token stands for. */
  public PageRequest withPageToken(String token) {
    return new PageRequest(limit, token, withStat, withData);
  }

  /** This request, with each child's stat. */
  public PageRequest withStats() {
    return new PageRequest(limit, pageToken, true, withData);
  }

  /** This request, with each child's data. */
  public PageRequest withDatas() {
    return new PageRequest(limit, pageToken, withStat, true);
  }
}
