package io.quoll.cli.reply;

import com.google.protobuf.ByteString;
import io.quoll.client.Stat;
import io.quoll.client.ZnodeData;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A znode's data, byte for byte; null data prints as {@code null}. In JSON it is the string {@code
 * data} if it is valid UTF-8, else {@code dataBase64}; the stat is always there.
 *
 * @param withStat whether people see the stat too
 */
public record DataReply(String path, ZnodeData znode, boolean withStat) implements Reply {
  @Override
  public void print(Output output) {
    @Nullable ByteString data = znode.data();
    output.bytes(data == null ? ByteString.copyFromUtf8("null") : data);
    if (withStat) {
      StatBlock.print(znode.stat(), output);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // Null data is null in JSON.
  public Map<String, Object> json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("path", path);
    @Nullable ByteString data = znode.data();
    if (data == null) {
      document.put("data", null);
    } else if (data.isValidUtf8()) {
      document.put("data", data.toStringUtf8());
    } else {
      document.put("dataBase64", Base64.getEncoder().encodeToString(data.toByteArray()));
    }
    Stat stat = znode.stat();
    document.put("stat", StatBlock.json(stat));
    return document;
  }
}
