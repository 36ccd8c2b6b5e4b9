package io.quoll.server.admin;

import com.google.common.collect.ImmutableMap;
import java.util.Optional;

/**
 * What somebody asks for.
 *
 * @param method the method of HTTP
 * @param path the path, without the query
 * @param parameters of the query, the last of each name
 */
record AdminRequest(String method, String path, ImmutableMap<String, String> parameters) {
  /** The parameter of that name, if it is there. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  boolean isPost() {
    return method.equals("POST");
  }
}
