package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenesisTest {
  private final Tree fresh = tree();

  @Test
  void theFreshRootShowsCversionMinusOneAndOneChild() {
    assertThat(fresh.stat("/")).isEqualTo(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0));
  }

  @Test
  void theReservedSubtreeShowsItsTwoChildren() {
    assertThat(fresh.stat("/zookeeper")).isEqualTo(new Stat(0, 0, 0, 0, 0, -2, 0, 0, 0, 2, 0));
    assertThat(fresh.children(Genesis.RESERVED, "", 10)).containsExactly("config", "quota");
  }

  @Test
  void theFirstZnodeBelowTheRootHasTheNumberZero() {
    assertThat(fresh.require(ZnodePath.ROOT).childrenCreated()).isZero();
  }

  @Test
  void theFreshTreeHasNoZxidAndNoTime() {
    assertThat(fresh.zxid()).isZero();
    assertThat(fresh.timeMillis()).isZero();
  }

  @Test
  void theConfigurationIsReadableByAllAndTheRestOpen() {
    assertThat(fresh.require(Genesis.CONFIG).acl()).isEqualTo(Acl.READABLE);
    assertThat(fresh.require(Genesis.QUOTA).acl()).isEqualTo(Acl.OPEN);
    assertThat(fresh.require(ZnodePath.ROOT).acl()).isEqualTo(Acl.OPEN);
  }

  @Test
  void theDataIsEmptyAndNotNull() {
    assertThat(fresh.data(ZnodePath.ROOT)).isEqualTo(ByteString.EMPTY);
    assertThat(fresh.require(ZnodePath.ROOT).dataLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"})
  void theFreshZnodesAreProtected(String path) {
    assertThat(Genesis.isProtected(path(path))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "/zookeeperx", "/zookeeper/quota/a", "/a/zookeeper"})
  void otherZnodesAreNotProtected(String path) {
    assertThat(Genesis.isProtected(path(path))).isFalse();
  }
}
