package dev.warung.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SnapshotTextTest {

    @Test
    void showsWhatEndedBeforeItAndNothingElse() {
        SnapshotText snapshot = SnapshotText.parse("100:105:101,103");

        assertThat(snapshot.shows(99)).isTrue();
        assertThat(snapshot.shows(100)).isTrue();
        assertThat(snapshot.shows(101)).isFalse();
        assertThat(snapshot.shows(102)).isTrue();
        assertThat(snapshot.shows(103)).isFalse();
        assertThat(snapshot.shows(105)).isFalse();
        assertThat(snapshot.shows(106)).isFalse();
    }

    @Test
    void numbersThatWrappedAroundAreTakenAsTheNearest() {
        SnapshotText snapshot = SnapshotText.parse("4294967300:4294967310:4294967305");

        assertThat(snapshot.shows(4294967290L)).as("before the wrap").isTrue();
        assertThat(snapshot.shows(9)).as("4294967305").isFalse();
        assertThat(snapshot.shows(8)).as("4294967304").isTrue();
        assertThat(snapshot.shows(20)).as("4294967316").isFalse();
    }

    @Test
    void otherTextIsRefused() {
        assertThatThrownBy(() -> SnapshotText.parse("100")).isInstanceOf(IllegalArgumentException.class);
    }
}
