package io.quoll.cli.reply;

import io.quoll.client.QuollException;

/** The errors in the words of ZooKeeper's shell, down to its spaces. */
final class ErrorText {
  private ErrorText() {}

  static String of(QuollException failure, String path) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.code()) {
      case NO_NODE -> "Node does not exist: " + path;
      case NODE_EXISTS -> "Node already exists: " + path;
      case NOT_EMPTY -> "Node not empty: " + path;
      case BAD_VERSION -> "version No is not valid : " + path;
      case BAD_ARGUMENTS -> "Arguments are not valid : " + path + "\n  " + message;
      case NO_CHILDREN_FOR_EPHEMERALS -> "Ephemerals cannot have children: " + path;
      case NO_AUTH -> "Insufficient permission : " + path;
      case INVALID_ACL -> "Acl is not valid : " + path;
      case AUTH_FAILED -> "Authentication failed : " + message;
      case AUTH_REQUIRED ->
          "Authentication is required : "
              + message
              + "\n  --auth-file, QUOLL_AUTH, addauth or a certificate tell who you are";
      case QUOTA_EXCEEDED -> "Quota has exceeded : " + path + "\n  " + message;
      case NO_WATCHER -> "No such watcher for " + path;
      default -> message;
    };
  }
}
