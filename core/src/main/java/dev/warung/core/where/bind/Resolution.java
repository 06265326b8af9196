package dev.warung.core.where.bind;

import dev.warung.core.where.tree.Operator;
import dev.warung.core.where.type.SqlType;
import dev.warung.core.where.type.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Which of several operators of one name is meant: the steps of PostgreSQL's chapter on type conversion. */
final class Resolution {

    private Resolution() {}

    /** What came out: one operator, or why there is none. */
    record Outcome(Optional<Operator> operator, boolean isAmbiguous) {}

    static Outcome resolve(List<Operator> candidates, List<SqlType> arguments) {
        Optional<Operator> exact = exact(candidates, sameForUnknown(arguments));
        if (exact.isPresent()) {
            return new Outcome(exact, false);
        }
        List<Operator> possible = candidates.stream()
                .filter(candidate -> takes(candidate, arguments))
                .toList();
        if (possible.size() > 1) {
            possible = best(possible, candidate -> exactMatches(candidate, arguments));
        }
        if (possible.size() > 1) {
            possible = best(possible, candidate -> preferredMatches(candidate, arguments));
        }
        if (possible.size() > 1) {
            possible = byUnknown(possible, arguments);
        }
        return possible.size() == 1
                ? new Outcome(Optional.of(possible.get(0)), false)
                : new Outcome(Optional.empty(), !possible.isEmpty());
    }

    /** Of two operands one of which has no type yet, both are first taken for the other's type. */
    private static List<SqlType> sameForUnknown(List<SqlType> arguments) {
        if (arguments.size() != 2) {
            return arguments;
        }
        SqlType left = arguments.get(0);
        SqlType right = arguments.get(1);
        return List.of(left.isUnknown() ? right : left, right.isUnknown() ? left : right);
    }

    private static Optional<Operator> exact(List<Operator> candidates, List<SqlType> arguments) {
        return candidates.stream()
                .filter(candidate -> candidate.parameters().equals(arguments))
                .findFirst();
    }

    private static boolean takes(Operator candidate, List<SqlType> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (!Casts.isImplicit(arguments.get(i), candidate.parameters().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<Operator> best(List<Operator> candidates, ToIntFunction<Operator> score) {
        int highest = candidates.stream().mapToInt(score).max().orElse(0);
        return candidates.stream()
                .filter(candidate -> score.applyAsInt(candidate) == highest)
                .toList();
    }

    private static int exactMatches(Operator candidate, List<SqlType> arguments) {
        int matches = 0;
        for (int i = 0; i < arguments.size(); i++) {
            matches += arguments.get(i).equals(candidate.parameters().get(i)) ? 1 : 0;
        }
        return matches;
    }

    private static int preferredMatches(Operator candidate, List<SqlType> arguments) {
        int matches = 0;
        for (int i = 0; i < arguments.size(); i++) {
            SqlType argument = arguments.get(i);
            SqlType parameter = candidate.parameters().get(i);
            boolean isPreferred = parameter.kind().category() == argument.kind().category()
                    && parameter.kind().isPreferred();
            matches += !argument.isUnknown() && (argument.equals(parameter) || isPreferred) ? 1 : 0;
        }
        return matches;
    }

    private static List<Operator> byUnknown(List<Operator> candidates, List<SqlType> arguments) {
        List<Operator> left = new ArrayList<>(candidates);
        boolean isDecided = true;
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).isUnknown()) {
                Optional<Character> category = category(candidates, i);
                if (category.isEmpty()) {
                    isDecided = false;
                    break;
                }
                int at = i;
                left.removeIf(candidate -> kind(candidate, at).category() != category.get());
                boolean hasPreferred = candidates.stream()
                        .anyMatch(c -> kind(c, at).category() == category.get()
                                && kind(c, at).isPreferred());
                if (hasPreferred) {
                    left.removeIf(candidate -> !kind(candidate, at).isPreferred());
                }
            }
        }
        if (isDecided && left.size() == 1) {
            return left;
        }
        return asKnown(isDecided && !left.isEmpty() ? left : candidates, arguments);
    }

    private static Kind kind(Operator candidate, int argument) {
        return candidate.parameters().get(argument).kind();
    }

    /** Text if any candidate takes text there, else the category that all agree on. */
    private static Optional<Character> category(List<Operator> candidates, int argument) {
        char first = kind(candidates.get(0), argument).category();
        boolean isCommon = true;
        for (Operator candidate : candidates) {
            char category = kind(candidate, argument).category();
            if (category == 'S') {
                return Optional.of('S');
            }
            isCommon &= category == first;
        }
        return isCommon ? Optional.of(first) : Optional.empty();
    }

    /** The last step: what has no type is of the type that all others have. */
    private static List<Operator> asKnown(List<Operator> candidates, List<SqlType> arguments) {
        List<SqlType> known =
                arguments.stream().filter(a -> !a.isUnknown()).distinct().toList();
        if (known.size() != 1 || known.size() == arguments.size()) {
            return candidates;
        }
        List<SqlType> assumed = arguments.stream().map(a -> known.get(0)).toList();
        List<Operator> left = candidates.stream().filter(c -> takes(c, assumed)).toList();
        return left.size() == 1 ? left : candidates;
    }

    /** The type that several values can share, as in ARRAY, COALESCE and GREATEST; empty if they cannot. */
    static Optional<SqlType> common(List<SqlType> types) {
        SqlType common = SqlType.UNKNOWN;
        for (SqlType type : types) {
            if (type.isUnknown() || type.equals(common)) {
                continue;
            }
            if (common.isUnknown()) {
                common = type;
            } else if (common.kind().category() != type.kind().category()) {
                return Optional.empty();
            } else if (!common.kind().isPreferred()
                    && Casts.isImplicit(common, type)
                    && !Casts.isImplicit(type, common)) {
                common = type;
            }
        }
        return Optional.of(common.isUnknown() ? SqlType.TEXT : common);
    }
}
