package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.TouchReport;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.statemachine.store.Position;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PeerMessagesTest {
  private static final TouchReport REPORT =
      new TouchReport(
          ImmutableList.of(
              new Touch(7, 1, 0),
              new Touch(1L << 62, 0, 250),
              new Touch(5, Long.MAX_VALUE, Long.MAX_VALUE)));

  @Test
  void aReportOfSignsOfLifeIsReadAsItWasWritten() {
    assertThat(PeerMessages.decodeTouches(PeerMessages.encode(REPORT))).isEqualTo(REPORT);
  }

  @Test
  void anEmptyReportIsOneByte() {
    TouchReport empty = new TouchReport(ImmutableList.of());

    byte[] bytes = PeerMessages.encode(empty);

    assertThat(bytes).hasSize(1);
    assertThat(PeerMessages.decodeTouches(bytes)).isEqualTo(empty);
  }

  @Test
  void aReportThatIsCutOffIsRefused() {
    byte[] bytes = PeerMessages.encode(REPORT);

    assertThatThrownBy(() -> PeerMessages.decodeTouches(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aTermIsReadAsItWasWritten() {
    assertThat(PeerMessages.decodeTerm(PeerMessages.encodeTerm(1L << 40))).isEqualTo(1L << 40);
  }

  @Test
  void anAbsenceAndItsAnswerAreReadAsTheyWereWritten() {
    Absence absence = new Absence(2, 1, 1L << 40, new Position(7, -1));

    assertThat(PeerMessages.decodeAbsence(PeerMessages.encode(absence))).isEqualTo(absence);
    assertThat(PeerMessages.decodeAnswer(PeerMessages.encode(Absence.Answer.PRECEDES)))
        .isEqualTo(Absence.Answer.PRECEDES);
  }
}
