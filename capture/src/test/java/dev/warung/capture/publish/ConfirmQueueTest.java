package dev.warung.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warung.core.change.Lsn;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfirmQueueTest {

    private final ConfirmQueue queue = new ConfirmQueue(new PublisherOptions.Delay(Duration.ofSeconds(60), 1000));

    @Test
    void aCommitIsDueOnlyAfterTheDelay() {
        queue.add(new Lsn(100), 0);
        queue.add(new Lsn(200), 30_000);

        assertThat(queue.due(59_999)).isEmpty();
        assertThat(queue.due(60_000)).hasValue(new Lsn(100));
        assertThat(queue.due(60_001)).isEmpty();
        assertThat(queue.due(90_000)).hasValue(new Lsn(200));
    }

    @Test
    void aCommitIsDueEarlierWhenMuchLogCameAfterIt() {
        queue.add(new Lsn(100), 0);
        queue.add(new Lsn(1100), 2000);

        assertThat(queue.due(2000)).hasValue(new Lsn(100));
    }

    @Test
    void manyCommitsOfOneSecondTakeOnePlace() {
        queue.add(new Lsn(100), 0);
        queue.add(new Lsn(200), 10);
        queue.add(new Lsn(300), 20);

        assertThat(queue.due(60_020)).hasValue(new Lsn(100));
    }
}
