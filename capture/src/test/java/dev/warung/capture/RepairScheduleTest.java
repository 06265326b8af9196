package dev.warung.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepairScheduleTest {

    private final RepairSchedule schedule = new RepairSchedule();

    @Test
    void aTableIsTriedAtOnceThenLaterAndLater() {
        assertThat(schedule.isDue(7, 0)).isTrue();
        assertThat(schedule.isDue(7, 59_999)).isFalse();
        assertThat(schedule.isDue(8, 59_999)).isTrue();
        assertThat(schedule.isDue(7, 60_000)).isTrue();
        assertThat(schedule.isDue(7, 179_999)).isFalse();
        assertThat(schedule.isDue(7, 180_000)).isTrue();
    }
}
