package dev.warung.stack.retail;

import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.runtime.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every setting of the shops. */
public final class WorkloadSettings {

    public static final Setting<PostgresUrl> POSTGRES_URL = new Setting<>(
            "postgres-url",
            null,
            "postgresql://user:password@host:port/database",
            "the database of the shops; their tables are made if they are missing",
            true,
            PostgresUrl::parse);
    public static final Setting<Integer> RATE =
            Setting.number("rate", "50", "transactions a second, all shops together");
    public static final Setting<Integer> SHOPS = Setting.number("shops", "4", "shops, each with its own connection");
    public static final Setting<Integer> SEED = Setting.number("seed", "1", "of the shops' choices");
    public static final Setting<Optional<Duration>> FOR = new Setting<>(
            "for",
            "",
            "duration, such as 250ms, 5s, 2m, 12h, 7d",
            "how long the shops work; without it until they are stopped",
            false,
            text -> text.isEmpty() ? Optional.empty() : Optional.of(Setting.parseDuration(text)));

    public static final List<Setting<?>> ALL = List.of(POSTGRES_URL, RATE, SHOPS, SEED, FOR);

    private WorkloadSettings() {}
}
