package dev.warung.core.where.bind;

import dev.warung.core.schema.Column;
import dev.warung.core.where.type.Collation;

/** How the database orders its texts. */
public interface Collations {

    /** Nothing is known: texts are not ordered. */
    Collations UNKNOWN = of(Collation.LOCALE);

    /** All columns have this one. */
    static Collations of(Collation collation) {
        return new Collations() {
            @Override
            public Collation ofDatabase() {
                return collation;
            }

            @Override
            public Collation of(Column column) {
                return collation;
            }
        };
    }

    Collation ofDatabase();

    Collation of(Column column);
}
