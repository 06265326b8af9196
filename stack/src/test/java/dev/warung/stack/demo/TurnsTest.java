package dev.warung.stack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnsTest {

    @Test
    void twoOutletsAreAwayInTurnsWithAWhileBetween() {
        Turns turns = new Turns(5, 6);

        assertThat(turns.away(0)).isEmpty();
        assertThat(turns.away(6)).hasValue(0);
        assertThat(turns.away(11.9)).hasValue(0);
        assertThat(turns.away(12)).isEmpty();
        assertThat(turns.away(18)).hasValue(1);
        assertThat(turns.away(24)).isEmpty();
        assertThat(turns.away(30)).hasValue(0);
    }

    @Test
    void nobodyIsAwayWhoIsNotThere() {
        assertThat(new Turns(1, 6).away(18)).isEmpty();
        assertThat(new Turns(0, 6).away(6)).isEmpty();
    }
}
