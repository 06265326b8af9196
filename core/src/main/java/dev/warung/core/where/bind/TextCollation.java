package dev.warung.core.where.bind;

import dev.warung.core.schema.Collation;
import dev.warung.core.where.tree.ColumnValue;
import dev.warung.core.where.tree.Construction;
import dev.warung.core.where.tree.Expression;
import dev.warung.core.where.type.SqlType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which collation an operator on texts has, by PostgreSQL's rules: a COLLATE decides; else a column whose collation is not the
 * database's; else the database's. Only texts hand a collation on: {@code length(nama)::text} has the database's.
 *
 * @param ofDatabase how it orders texts that come from no column
 */
record TextCollation(Collation ofDatabase) {

    /** Whether the values are texts, or arrays of texts. */
    static boolean has(SqlType type) {
        return type.isText() || (type.is(SqlType.Kind.ARRAY) && has(type.elementType()));
    }

    /** Of an operator with these operands; LOCALE, or NONDETERMINISTIC if one is, where they contradict each other. */
    Collation of(List<Expression> operands) {
        Set<Collation> named = operands.stream()
                .flatMap(TextCollation::sources)
                .filter(Construction.Collated.class::isInstance)
                .map(e ->
                        Collation.named(((Construction.Collated) e).collation()).orElse(Collation.LOCALE))
                .collect(Collectors.toSet());
        if (!named.isEmpty()) {
            return named.size() == 1 ? named.iterator().next() : Collation.LOCALE;
        }
        Set<Collation> ofColumns = operands.stream()
                .flatMap(TextCollation::sources)
                .filter(ColumnValue.class::isInstance)
                .map(e -> ((ColumnValue) e).column().meaning())
                .map(m -> m.base().equals("name") ? Collation.C : m.collation())
                .collect(Collectors.toSet());
        if (ofColumns.contains(Collation.NONDETERMINISTIC)) {
            return Collation.NONDETERMINISTIC;
        }
        if (ofColumns.size() > 1) {
            ofColumns.remove(ofDatabase);
        }
        return ofColumns.isEmpty()
                ? ofDatabase
                : ofColumns.size() == 1 ? ofColumns.iterator().next() : Collation.LOCALE;
    }

    /** The parts that an expression has its collation from. */
    private static Stream<Expression> sources(Expression expression) {
        if (!has(expression.type()) && !expression.type().isUnknown()) {
            return Stream.empty();
        }
        if (expression instanceof ColumnValue || expression instanceof Construction.Collated) {
            return Stream.of(expression);
        }
        return expression.operands().stream().flatMap(TextCollation::sources);
    }
}
