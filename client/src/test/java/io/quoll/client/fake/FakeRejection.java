package io.quoll.client.fake;

import io.quoll.api.v1.ErrorCode;

/** Why the fake refuses a request. */
public final class FakeRejection extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final String path;

  FakeRejection(ErrorCode code, String path) {
    super("%s at %s".formatted(reason(code), path));
    this.code = code;
    this.path = path;
  }

  ErrorCode code() {
    return code;
  }

  String path() {
    return path;
  }

  String reason() {
    return reason(code);
  }

  private static String reason(ErrorCode code) {
    return code.name().replace("ERROR_CODE_", "");
  }
}
