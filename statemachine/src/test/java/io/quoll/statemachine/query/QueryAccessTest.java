package io.quoll.statemachine.query;

import static io.quoll.statemachine.state.ErrorCode.NO_AUTH;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.ZnodePath;
import org.junit.jupiter.api.Test;

/** What each query needs. */
class QueryAccessTest {
  private static final Identities ADA = Identities.of(Identity.of("digest", "ada:hash"));
  private static final Identities BOB = Identities.of(Identity.of("digest", "bob:hash"));
  private static final Acl.Entry OF_ADA = new Acl.Entry(31, "digest", "ada:hash");

  private final Tree tree = tree("/a", "/a/open", "/a/closed");

  QueryAccessTest() {
    tree.add("/a/data", bytes("data"));
  }

  /** Has ADA own the znode, and everyone else do what {@code permissions} say. */
  private void own(String path, int permissions) {
    Acl acl = new Acl(ImmutableList.of(OF_ADA, new Acl.Entry(permissions, "world", "anyone")));
    tree.replace(path, znode -> znode.withAcl(acl));
  }

  private ErrorCode codeAs(Identities caller, Query query) {
    return ((Answer.Rejected) Answer.of(query, tree, caller)).code();
  }

  private static int allBut(Permission permission) {
    return Permission.ALL & ~permission.bit();
  }

  @Test
  void readsNeedRead() {
    own("/a", allBut(Permission.READ));

    assertThat(codeAs(BOB, new GetData(path("/a")))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, new Exists(path("/a")))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, new GetChildren(path("/a"), "", 0, true, true))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, new CountDescendants(path("/a"), path("/a")))).isEqualTo(NO_AUTH);
    assertThat(Answer.of(new GetData(path("/a")), tree, ADA)).isInstanceOf(Answer.Data.class);
    assertThat(Answer.of(new Exists(path("/a")), tree, ADA)).isInstanceOf(Answer.Found.class);
  }

  @Test
  void readsNeedNothingButRead() {
    own("/a", Permission.READ.bit());

    assertThat(Answer.of(new GetData(path("/a")), tree, BOB)).isInstanceOf(Answer.Data.class);
    assertThat(Answer.of(new GetChildren(path("/a"), "", 0, false, false), tree, BOB))
        .isInstanceOf(Answer.Children.class);
  }

  @Test
  void thatThereIsNoZnodeIsToldToEveryone() {
    own("/a", 0);

    assertThat(Answer.of(new Exists(path("/a/missing")), tree, BOB))
        .isEqualTo(new Answer.Found(null));
    assertThat(codeAs(BOB, new GetData(path("/a/missing")))).isEqualTo(ErrorCode.NO_NODE);
  }

  @Test
  void childrenAreNamedThoughTheyMayNotBeReadButNoMoreIsTold() {
    own("/a/closed", 0);

    Answer.Children page =
        (Answer.Children) Answer.of(new GetChildren(path("/a"), "", 0, true, true), tree, BOB);

    assertThat(page.children())
        .containsExactly(
            new Answer.Child("closed", null, null),
            new Answer.Child("data", tree.stat("/a/data"), bytes("data")),
            new Answer.Child("open", tree.stat("/a/open"), null));
  }

  @Test
  void eachPartOfAMultiReadIsJudgedByItself() {
    own("/a/closed", 0);

    Answer.All all =
        (Answer.All)
            Answer.of(
                new MultiRead(
                    ImmutableList.of(new GetData(path("/a/closed")), new Exists(path("/a/open")))),
                tree,
                BOB);

    assertThat(all.parts().get(0)).isInstanceOf(Answer.Rejected.class);
    assertThat(all.parts().get(1)).isEqualTo(new Answer.Found(tree.stat("/a/open")));
  }

  @Test
  void getAclNeedsReadOrAdmin() {
    own("/a", allBut(Permission.READ) & allBut(Permission.ADMIN));
    own("/a/open", Permission.READ.bit());
    own("/a/data", Permission.ADMIN.bit());

    assertThat(codeAs(BOB, new GetAcl(path("/a")))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, new GetAcl(path("/missing")))).isEqualTo(ErrorCode.NO_NODE);
    assertThat(Answer.of(new GetAcl(path("/a/open")), tree, BOB))
        .isInstanceOf(Answer.AclFound.class);
    assertThat(Answer.of(new GetAcl(path("/a/data")), tree, BOB))
        .isInstanceOf(Answer.AclFound.class);
  }

  @Test
  void getAclHidesTheHashesFromThoseWithoutAdmin() {
    own("/a/open", Permission.READ.bit());

    Answer asBob = Answer.of(new GetAcl(path("/a/open")), tree, BOB);
    Answer asAda = Answer.of(new GetAcl(path("/a/open")), tree, ADA);

    assertThat(((Answer.AclFound) asBob).acl().entries())
        .contains(new Acl.Entry(31, "digest", "ada:x"))
        .doesNotContain(OF_ADA);
    assertThat(((Answer.AclFound) asAda).acl().entries()).contains(OF_ADA);
  }

  @Test
  void theOwnEphemeralsAreListedWhateverTheAcls() {
    own("/a", 0);

    assertThat(Answer.of(new GetEphemerals(7, ""), tree, BOB))
        .isEqualTo(new Answer.Paths(ImmutableList.of()));
  }

  @Test
  void sessionsAreListedForThoseWithAdminOnTheRoot() {
    tree.replace(ZnodePath.ROOT.value(), znode -> znode.withAcl(Acl.READABLE));

    assertThat(codeAs(BOB, new ListSessions(0, 0))).isEqualTo(NO_AUTH);
    assertThat(Answer.of(new ListSessions(0, 0), tree, Identities.of(Identity.SUPER)))
        .isInstanceOf(Answer.Sessions.class);
  }
}
