package dev.warung.core.where.syntax;

import dev.warung.core.where.problem.WhereException;
import dev.warung.core.where.syntax.Syntax.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a type: {@code timestamp(3) with time zone[]} is one, {@code double} alone is refused. */
final class TypeNames {

    private static final Map<String, String> SPELLINGS = Map.ofEntries(
            Map.entry("int", "integer"),
            Map.entry("int4", "integer"),
            Map.entry("int2", "smallint"),
            Map.entry("int8", "bigint"),
            Map.entry("bool", "boolean"),
            Map.entry("decimal", "numeric"),
            Map.entry("dec", "numeric"),
            Map.entry("float4", "real"),
            Map.entry("float", "double precision"),
            Map.entry("float8", "double precision"),
            Map.entry("varchar", "character varying"),
            Map.entry("char", "character"),
            Map.entry("bpchar", "bpchar"),
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("timetz", "time with time zone"));

    /** The words that may begin {@code type 'text'}; other names before a string are an error. */
    private static final Set<String> BEFORE_A_STRING = Set.of(
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "real",
            "double",
            "character",
            "boolean",
            "text",
            "name",
            "uuid",
            "date",
            "time",
            "timestamp",
            "interval",
            "json",
            "jsonb",
            "bytea");

    private final TokenStream tokens;

    TypeNames(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** One spelling for each type that PostgreSQL spells in several ways. */
    static String spelling(String name) {
        return SPELLINGS.getOrDefault(name, name);
    }

    /** Whether a type followed by a string starts here, as in {@code date '2026-01-01'}. */
    boolean startsTypedString() {
        Token token = tokens.peek();
        if (token.kind() != Token.Kind.WORD
                || !(BEFORE_A_STRING.contains(token.text()) || SPELLINGS.containsKey(token.text()))) {
            return false;
        }
        Token after = tokens.peek(1);
        return after.kind() == Token.Kind.STRING
                || (token.isWord("double") && after.isWord("precision"))
                || (token.isWord("character") && after.isWord("varying"))
                || (isTime(token.text()) && (after.isWord("with") || after.isWord("without")));
    }

    TypeName read() {
        Token first = tokens.next();
        int position = first.position();
        String name = name(first);
        List<Integer> modifiers = new ArrayList<>(modifiers());
        if (isTime(name)) {
            name = name + zone();
        } else if (name.equals("interval") && isIntervalField(tokens.peek())) {
            throw WhereException.at(tokens.peek().position(), "fields of interval are not supported");
        }
        if (first.isWord("char") || first.isWord("character") && name.equals("character")) {
            if (modifiers.isEmpty()) {
                modifiers.add(1);
            }
        } else if (first.isWord("float") && !modifiers.isEmpty()) {
            name = modifiers.get(0) <= 24 ? "real" : "double precision";
            modifiers.clear();
        }
        return new TypeName(position, name, modifiers, dimensions());
    }

    private String name(Token first) {
        if (first.kind() == Token.Kind.QUOTED) {
            return qualified("\"" + first.text().replace("\"", "\"\"") + "\"");
        }
        if (first.kind() != Token.Kind.WORD) {
            throw WhereException.at(first.position(), "expected a type but found " + first.shown());
        }
        if (first.isWord("double")) {
            tokens.expectWord("precision");
            return "double precision";
        }
        if ((first.isWord("character") || first.isWord("char")) && tokens.takeWord("varying")) {
            return "character varying";
        }
        if (first.isWord("pg_catalog") && tokens.takeMark(".")) {
            return spelling(tokens.next().text());
        }
        return qualified(spelling(first.text()));
    }

    private String qualified(String name) {
        if (!tokens.takeMark(".")) {
            return name;
        }
        Token second = tokens.next();
        if (second.kind() == Token.Kind.WORD) {
            return name + "." + second.text();
        }
        if (second.kind() == Token.Kind.QUOTED) {
            return name + ".\"" + second.text().replace("\"", "\"\"") + "\"";
        }
        throw WhereException.at(second.position(), "expected the name of a type but found " + second.shown());
    }

    private static boolean isTime(String name) {
        return name.equals("timestamp") || name.equals("time");
    }

    private static boolean isIntervalField(Token token) {
        return Set.of("year", "month", "day", "hour", "minute", "second").contains(token.text())
                && token.kind() == Token.Kind.WORD;
    }

    private String zone() {
        if (tokens.peek().isWord("with") || tokens.peek().isWord("without")) {
            boolean with = tokens.next().text().equals("with");
            tokens.expectWord("time");
            tokens.expectWord("zone");
            return with ? " with time zone" : " without time zone";
        }
        return " without time zone";
    }

    private List<Integer> modifiers() {
        List<Integer> modifiers = new ArrayList<>();
        if (tokens.takeMark("(")) {
            do {
                Token number = tokens.next();
                try {
                    modifiers.add(Integer.parseInt(number.text()));
                } catch (NumberFormatException e) {
                    throw WhereException.at(number.position(), "expected a number but found " + number.shown());
                }
            } while (tokens.takeMark(","));
            tokens.expectMark(")");
        }
        return modifiers;
    }

    private int dimensions() {
        int dimensions = 0;
        while (tokens.peek().isMark("[")) {
            tokens.next();
            if (tokens.peek().kind() == Token.Kind.NUMBER) {
                tokens.next();
            }
            tokens.expectMark("]");
            dimensions++;
        }
        return tokens.takeWord("array") ? dimensions + 1 : dimensions;
    }
}
