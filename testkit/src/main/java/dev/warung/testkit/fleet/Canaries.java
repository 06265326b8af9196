package dev.warung.testkit.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A word for each tenant that stands in every row of it: in a text, in a document, in a note and, where the key is a text, in the key. A
 * trigger keeps it so: a row that moves to another tenant carries the other word from then on.
 */
public final class Canaries {

    /** A table with a text that is no number, so that a clause which casts it fails. */
    public static final String BROKEN = "rusak";

    private Canaries() {}

    /** Makes the triggers on all tables of a company that is still empty, and the table whose rows no clause can cast. */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE FUNCTION kenari(tenant integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
                      SELECT 'kenari_' || coalesce(tenant, 0) || '_' || left(md5('kenari' || coalesce(tenant, 0)), 12) $$""");
            for (FleetTable table : Company.TABLES) {
                statement.execute(trigger(table));
                statement.execute("CREATE TRIGGER kenari BEFORE INSERT OR UPDATE ON " + table.name()
                        + " FOR EACH ROW EXECUTE FUNCTION kenari_" + table.name() + "()");
            }
            statement.execute("CREATE TABLE " + BROKEN
                    + " (id integer PRIMARY KEY, penyewa_id integer NOT NULL, angka text NOT NULL)");
            statement.execute("INSERT INTO " + BROKEN + " SELECT g, g, kenari(g) FROM generate_series(1, "
                    + Company.TENANTS + ") g");
        }
    }

    private static String trigger(FleetTable table) {
        String word = "kenari(NEW." + Company.tenantColumn(table) + ")";
        String key = table.equals(Company.LABEL)
                ? "NEW.kode := " + word + " || '/' || regexp_replace(NEW.kode, '^kenari_[0-9]+_[0-9a-f]+/', '');"
                : "";
        return "CREATE FUNCTION kenari_" + table.name() + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                + "NEW.kenari := " + word + "; NEW.catatan := " + word
                + " || ' ' || regexp_replace(NEW.catatan, 'kenari_[0-9]+_[0-9a-f]+ ', '', 'g'); "
                + "IF jsonb_typeof(NEW.data) = 'object' THEN NEW.data := NEW.data || jsonb_build_object('kenari', "
                + word + "); END IF; " + key + " RETURN NEW; END $$";
    }

    /** A shape whose clause fails on the rows of every tenant. */
    public static FleetShape brokenShape() {
        return new FleetShape(
                BROKEN,
                List.of(new FleetShape.Entry(
                        BROKEN,
                        List.of(),
                        Optional.of(new FleetClause("angka::int > 3 AND penyewa_id = :penyewa_id")))));
    }

    /** What may not be found where an outlet of this tenant can read: the words of all others, and of rows of no tenant. */
    public static List<String> foreign(FleetOutlet outlet) {
        List<String> words = new ArrayList<>();
        for (int tenant = 0; tenant <= Company.TENANTS; tenant++) {
            if (!String.valueOf(tenant).equals(outlet.attributes().get("penyewa_id"))) {
                words.add(word(tenant));
            }
        }
        return words;
    }

    /** The beginning of a tenant's word. */
    public static String word(int tenant) {
        return anyWord() + tenant + "_";
    }

    /** What every word begins with. */
    public static String anyWord() {
        return "kenari_";
    }
}
