package io.quoll.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/**
 * What is answered.
 *
 * @param status of HTTP
 * @param contentType what the body is
 */
record AdminReply(int status, String contentType, ByteString body) {
  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int INTERNAL_ERROR = 500;
  static final int UNAVAILABLE = 503;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** A JSON document. */
  static AdminReply json(int status, ObjectNode document) {
    try {
      String text = JSON.writeValueAsString(document) + "\n";
      return new AdminReply(status, "application/json", ByteString.copyFromUtf8(text));
    } catch (JsonProcessingException impossible) { // A tree of nodes can always be written.
      throw new IllegalStateException(impossible);
    }
  }

  /** A JSON document that tells why there is no other. */
  static AdminReply error(int status, String error) {
    return json(status, object().put("error", error));
  }

  /** An empty JSON document. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The body as text. */
  String text() {
    return body.toString(StandardCharsets.UTF_8);
  }
}
