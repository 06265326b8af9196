package dev.warung.core.replica;

import java.util.Locale;
import java.util.function.Predicate;

/** Names that SQLite can hold: it compares them without regard to ASCII case, and some are taken. */
public final class ReplicaNames {

    /** What the tables of this program begin with. */
    public static final String OWN_PREFIX = "_warung_";

    private static final String SQLITE_PREFIX = "sqlite_";

    private ReplicaNames() {}

    /** Whether a table of PostgreSQL may not have this name in a replica. */
    public static boolean isReserved(String name) {
        String folded = fold(name);
        return folded.startsWith(SQLITE_PREFIX) || folded.startsWith(OWN_PREFIX);
    }

    /** The wanted name, with the suffix as often as it takes until it is free. */
    public static String free(String wanted, String suffix, Predicate<String> isTaken) {
        String name = wanted;
        while (isTaken.test(name)) {
            name = name + suffix;
        }
        return name;
    }

    /** SQLite folds ASCII letters only. */
    public static String fold(String name) {
        return name.chars().anyMatch(c -> c > 127)
                ? name.chars()
                        .map(c -> c < 128 ? Character.toLowerCase(c) : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : name.toLowerCase(Locale.ROOT);
    }
}
