package dev.warung.core.where.syntax;

import dev.warung.core.where.problem.WhereException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be told of a clause by its words alone, before anything is checked: {@code a = :p} names p; {@code 'a} is refused. */
public final class ClauseText {

    private ClauseText() {}

    /**
     * The parameters with the position of each one's first use, counted from 1.
     *
     * @throws WhereException if a string, name or comment does not end
     */
    public static Map<String, Integer> parameters(String text) {
        Map<String, Integer> positions = new LinkedHashMap<>();
        for (Token token : Lexer.tokens(text)) {
            if (token.kind() == Token.Kind.PARAMETER) {
                positions.putIfAbsent(token.text(), token.position());
            }
        }
        return positions;
    }

    /**
     * The clause with its parameters' values in their places, as SQL for PostgreSQL: {@code a = :p} becomes {@code a = '7'}, which is of
     * the type that its place has. Requires a session with {@code standard_conforming_strings}, as every one is by default.
     *
     * @param values by the names of all parameters; null for NULL
     * @throws WhereException if the text is not a clause as a whole
     */
    public static String bound(String text, Map<String, @Nullable String> values) {
        Parser.parse(text);
        StringBuilder bound = new StringBuilder();
        int written = 0;
        for (Token token : Lexer.tokens(text)) {
            if (token.kind() == Token.Kind.PARAMETER) {
                int start = token.position() - 1;
                bound.append(text, written, start);
                String value = values.get(token.text());
                bound.append(value == null ? "NULL" : "'" + value.replace("'", "''") + "'");
                written = start + 1 + token.text().length();
            }
        }
        // What follows is not part of a comment that ends the clause.
        return "(" + bound.append(text, written, text.length()) + "\n)";
    }

    /**
     * The parts that AND joins at the top: {@code a = 1 and (b or c)} has two.
     *
     * @throws WhereException if a string, name or comment does not end
     */
    public static List<String> conjuncts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int betweens = 0;
        int start = 0;
        for (Token token : Lexer.tokens(text)) {
            if (token.isMark("(") || token.isMark("[")) {
                depth++;
            } else if (token.isMark(")") || token.isMark("]")) {
                depth--;
            } else if (depth == 0 && token.isWord("or")) {
                return List.of(text.strip());
            } else if (depth == 0 && token.isWord("between")) {
                betweens++;
            } else if (depth == 0 && token.isWord("and")) {
                if (betweens > 0) {
                    betweens--;
                } else {
                    int end = token.position() - 1;
                    parts.add(text.substring(start, end).strip());
                    start = end + "and".length();
                }
            }
        }
        parts.add(text.substring(start).strip());
        return List.copyOf(parts);
    }
}
