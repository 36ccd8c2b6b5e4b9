package io.quoll.client;

/** A znode's ACL and its stat, whose aversion counts how often the ACL was replaced. */
public record ZnodeAcl(Acl acl, Stat stat) {}
