package io.quoll.server.admin;

/** The request of an administrator is not as it should be; the message tells him why. */
final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BadRequestException(String message) {
    super(message);
  }
}
