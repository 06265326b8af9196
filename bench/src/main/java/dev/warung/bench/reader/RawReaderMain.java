package dev.warung.bench.reader;

import dev.warung.core.runtime.PostgresUrl;
import java.nio.file.Path;
import java.sql.SQLException;

/** Drains a slot and throws every message away: the limit that PostgreSQL and its driver set for whoever reads. */
public final class RawReaderMain {
    private RawReaderMain() {}

    /** Arguments: counter file, slot, publication. The server's URL stands in WARUNG_POSTGRES_URL. */
    public static void main(String[] arguments) throws SQLException {
        RowCounter counter = new RowCounter(Path.of(arguments[0]));
        PostgresUrl server = PostgresUrl.parse(System.getenv("WARUNG_POSTGRES_URL"));
        try (ReplicationClient client = ReplicationClient.start(server, arguments[1], arguments[2])) {
            client.read(new ReplicationClient.Listener() {
                @Override
                public void inserted() {
                    counter.add(1);
                }

                @Override
                public void committed(long atUs) {}
            });
        }
    }
}
