package dev.warung.stack.retail;

import dev.warung.stack.fleet.ShapesFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The shop's tables and what stands in them before the first sale. */
public final class RetailSchema {
    private RetailSchema() {}

    /**
     * Creates schema and first contents in one transaction; true if they were not there.
     *
     * @param connection with automatic commit
     */
    public static boolean createIfMissing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("select to_regclass('public.produk') is not null")) {
                found.next();
                if (found.getBoolean(1)) {
                    return false;
                }
            }
            connection.setAutoCommit(false);
            statement.execute(resource("schema.sql"));
            statement.execute(resource("seed.sql"));
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("analyze");
            return true;
        }
    }

    /** What the shop's outlets hold. */
    public static ShapesFile shapes() {
        return ShapesFile.parse("shapes.yaml", resource("shapes.yaml"));
    }

    private static String resource(String name) {
        try (InputStream in = RetailSchema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
