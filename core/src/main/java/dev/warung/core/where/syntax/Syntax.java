package dev.warung.core.where.syntax;

import java.util.List;
import java.util.Optional;

/** What stands in a clause. Positions count characters from 1 and point at what an error about the node should show. */
public sealed interface Syntax {
    int position();

    /** A column, as {@code nama}, {@code produk.nama} or {@code public.produk.nama}. */
    record Name(int position, List<String> parts) implements Syntax {
        public Name {
            parts = List.copyOf(parts);
        }
    }

    /** A string, whose type comes from where it stands. */
    record Text(int position, String value) implements Syntax {}

    record Numeral(int position, String value) implements Syntax {}

    record Truth(int position, boolean value) implements Syntax {}

    record Null(int position) implements Syntax {}

    /** {@code :name} or {@code $1}. */
    record Parameter(int position, String name) implements Syntax {}

    record Infix(int position, String operator, Syntax left, Syntax right) implements Syntax {}

    record Prefix(int position, String operator, Syntax operand) implements Syntax {}

    record And(int position, List<Syntax> operands) implements Syntax {
        public And {
            operands = List.copyOf(operands);
        }
    }

    record Or(int position, List<Syntax> operands) implements Syntax {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    record Not(int position, Syntax operand) implements Syntax {}

    record NullTest(int position, Syntax operand, boolean negated) implements Syntax {}

    /** {@code IS [NOT] TRUE}, {@code FALSE} or {@code UNKNOWN}, which is an empty {@code wanted}. */
    record TruthTest(int position, Syntax operand, Optional<Boolean> wanted, boolean negated) implements Syntax {}

    record Distinct(int position, Syntax left, Syntax right, boolean negated) implements Syntax {}

    record InList(int position, Syntax operand, List<Syntax> elements, boolean negated) implements Syntax {
        public InList {
            elements = List.copyOf(elements);
        }
    }

    record InSelect(int position, Syntax operand, Select select, boolean negated) implements Syntax {}

    record Between(int position, Syntax operand, Syntax low, Syntax high, BetweenKind between) implements Syntax {}

    record BetweenKind(boolean negated, boolean symmetric) {}

    record Like(int position, Syntax operand, Syntax pattern, Optional<Syntax> escape, LikeKind like)
            implements Syntax {}

    record LikeKind(boolean negated, boolean ignoresCase) {
        /** PostgreSQL's operator of this kind. */
        public String operator() {
            return (negated ? "!~~" : "~~") + (ignoresCase ? "*" : "");
        }
    }

    /** {@code left operator ANY (array)} or {@code ALL}. */
    record Quantified(int position, String operator, boolean all, Syntax left, Syntax array) implements Syntax {}

    record Cast(int position, Syntax operand, TypeName type) implements Syntax {}

    record Call(int position, String function, List<Syntax> arguments) implements Syntax {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    record Array(int position, List<Syntax> elements) implements Syntax {
        public Array {
            elements = List.copyOf(elements);
        }
    }

    record Element(int position, Syntax array, Syntax index) implements Syntax {}

    record Collate(int position, Syntax operand, String collation) implements Syntax {}

    /**
     * A type as it is written.
     *
     * @param name in the words of {@code format_type} or PostgreSQL's short names, without modifiers
     * @param dimensions how many {@code []} follow; PostgreSQL itself only looks whether there is one
     */
    record TypeName(int position, String name, List<Integer> modifiers, int dimensions) {
        public TypeName {
            modifiers = List.copyOf(modifiers);
        }
    }

    /** {@code SELECT column FROM table WHERE where}. */
    record Select(int position, Name column, Name table, Optional<Syntax> where) {}
}
