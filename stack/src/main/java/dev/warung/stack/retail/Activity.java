package dev.warung.stack.retail;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;

/** Something that happens in a shop: one PostgreSQL transaction, which the caller commits. */
@FunctionalInterface
interface Activity {
    void perform(Connection connection, Random random) throws SQLException;
}
