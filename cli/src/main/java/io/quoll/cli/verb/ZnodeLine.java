package io.quoll.cli.verb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A znode as a line of JSON: its {@code path}, and its data as {@code text} if that is UTF-8, else
 * in base64 as {@code data}, or neither if it is null.
 */
record ZnodeLine(String path, @Nullable ByteString data) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  String encode() {
    ObjectNode line = MAPPER.createObjectNode().put("path", path);
    if (data != null && data.isValidUtf8()) {
      line.put("text", data.toStringUtf8());
    } else if (data != null) {
      line.put("data", BaseEncoding.base64().encode(data.toByteArray()));
    }
    return line.toString();
  }

  /**
   * The znode in {@code line}.
   *
   * @throws IllegalArgumentException if there is none; the message says why
   */
  static ZnodeLine decode(String line) {
    JsonNode found;
    try {
      found = MAPPER.readTree(line);
    } catch (JsonProcessingException garbled) {
      throw new IllegalArgumentException("it is no JSON: " + garbled.getOriginalMessage(), garbled);
    }
    if (!found.path("path").isTextual()) {
      throw new IllegalArgumentException("it has no \"path\"");
    }
    String path = found.path("path").textValue();
    if (found.has("text") && found.has("data")) {
      throw new IllegalArgumentException("it has both \"text\" and \"data\"");
    }
    if (found.path("text").isTextual()) {
      return new ZnodeLine(path, ByteString.copyFromUtf8(found.path("text").textValue()));
    }
    if (found.path("data").isTextual()) {
      byte[] data = BaseEncoding.base64().decode(found.path("data").textValue());
      return new ZnodeLine(path, ByteString.copyFrom(data));
    }
    if (!found.path("text").isMissingNode() || !found.path("data").isMissingNode()) {
      throw new IllegalArgumentException("its \"text\" or \"data\" is no string");
    }
    return new ZnodeLine(path, null);
  }
}
