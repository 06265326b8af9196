package dev.warung.core.where.syntax;

import dev.warung.core.where.problem.WhereException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What stands between operators: literals, names, parameters, calls, parentheses. */
final class Operands {

    /** Words that PostgreSQL never takes for a column. */
    private static final Set<String> RESERVED = Set.of(
            "all",
            "and",
            "any",
            "array",
            "as",
            "asc",
            "between",
            "both",
            "check",
            "collate",
            "column",
            "constraint",
            "create",
            "default",
            "desc",
            "distinct",
            "do",
            "else",
            "end",
            "except",
            "for",
            "foreign",
            "from",
            "grant",
            "group",
            "having",
            "in",
            "initially",
            "intersect",
            "into",
            "is",
            "isnull",
            "like",
            "ilike",
            "limit",
            "not",
            "notnull",
            "offset",
            "on",
            "only",
            "or",
            "order",
            "primary",
            "references",
            "select",
            "similar",
            "some",
            "table",
            "then",
            "to",
            "union",
            "unique",
            "user",
            "using",
            "when",
            "where",
            "window",
            "with");

    private final TokenStream tokens;
    private final TypeNames types;
    private final Supplier<Syntax> expression;

    /** @param expression reads a whole expression */
    Operands(TokenStream tokens, Supplier<Syntax> expression) {
        this.tokens = tokens;
        this.types = new TypeNames(tokens);
        this.expression = expression;
    }

    Syntax read() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case STRING -> new Syntax.Text(tokens.next().position(), token.text());
            case NUMBER -> new Syntax.Numeral(tokens.next().position(), token.text());
            case PARAMETER -> new Syntax.Parameter(tokens.next().position(), token.text());
            case QUOTED -> nameOrCall();
            case WORD -> word(token);
            case MARK -> parenthesis(token);
            case OPERATOR, END -> throw tokens.expected("a value");
        };
    }

    private Syntax parenthesis(Token token) {
        if (!tokens.takeMark("(")) {
            throw tokens.expected("a value");
        }
        if (tokens.peek().isWord("select")) {
            throw WhereException.at(
                    tokens.peek().position(),
                    "a SELECT may only stand in column IN (SELECT column FROM table WHERE …)");
        }
        Syntax inner = expression.get();
        if (tokens.peek().isMark(",")) {
            throw WhereException.at(token.position(), "rows of several values are not supported");
        }
        tokens.expectMark(")");
        return inner;
    }

    private Syntax word(Token token) {
        int position = token.position();
        switch (token.text()) {
            case "true", "false" -> {
                tokens.next();
                return new Syntax.Truth(position, token.isWord("true"));
            }
            case "null" -> {
                tokens.next();
                return new Syntax.Null(position);
            }
            case "array" -> {
                tokens.next();
                tokens.expectMark("[");
                return new Syntax.Array(position, arrayElements());
            }
            case "cast" -> {
                if (tokens.peek(1).isMark("(")) {
                    return cast();
                }
            }
            case "case", "exists" ->
                throw WhereException.at(position, token.shown() + " is not supported in a where clause");
            case "row" -> {
                if (tokens.peek(1).isMark("(")) {
                    throw WhereException.at(position, "rows of several values are not supported");
                }
            }
            case "current_date",
                    "current_time",
                    "current_timestamp",
                    "localtime",
                    "localtimestamp",
                    "current_user",
                    "session_user" ->
                throw WhereException.at(
                        position, token.shown() + " changes without a change of the row, so no shape can follow it");
            default -> {
                // a type, a name or a call
            }
        }
        if (types.startsTypedString()) {
            Syntax.TypeName type = types.read();
            Token text = tokens.next();
            if (text.kind() != Token.Kind.STRING) {
                throw WhereException.at(text.position(), "expected a string but found " + text.shown());
            }
            return new Syntax.Cast(position, new Syntax.Text(text.position(), text.text()), type);
        }
        if (RESERVED.contains(token.text())) {
            throw tokens.expected("a value");
        }
        return nameOrCall();
    }

    private List<Syntax> arrayElements() {
        if (tokens.takeMark("]")) {
            return List.of();
        }
        List<Syntax> elements = new ArrayList<>();
        do {
            if (tokens.peek().isMark("[")) {
                int position = tokens.next().position();
                elements.add(new Syntax.Array(position, arrayElements()));
            } else {
                elements.add(expression.get());
            }
        } while (tokens.takeMark(","));
        tokens.expectMark("]");
        return elements;
    }

    private Syntax cast() {
        int position = tokens.next().position();
        tokens.expectMark("(");
        Syntax operand = expression.get();
        tokens.expectWord("as");
        Syntax.TypeName type = types.read();
        tokens.expectMark(")");
        return new Syntax.Cast(position, operand, type);
    }

    private Syntax nameOrCall() {
        Syntax.Name name = name();
        if (!tokens.peek().isMark("(")) {
            if (tokens.peek().kind() == Token.Kind.STRING) {
                throw WhereException.at(
                        name.position(), "unknown type \"" + String.join(".", name.parts()) + "\" before a string");
            }
            return name;
        }
        tokens.next();
        if (tokens.peek().isWord("distinct")
                || tokens.peek().isWord("variadic")
                || tokens.peek().isOperator("*")) {
            throw WhereException.at(
                    tokens.peek().position(), tokens.peek().shown() + " is not supported in a function's arguments");
        }
        List<Syntax> arguments = list(")");
        List<String> parts = name.parts();
        boolean isPlain =
                parts.size() == 1 || (parts.size() == 2 && parts.get(0).equals("pg_catalog"));
        Token after = tokens.peek();
        if (after.isWord("over") || after.isWord("filter") || after.isWord("within")) {
            throw WhereException.at(after.position(), "aggregates and window functions are not supported");
        }
        return new Syntax.Call(
                name.position(), isPlain ? parts.get(parts.size() - 1) : String.join(".", parts), arguments);
    }

    /** Expressions up to the closing mark, which is read too. */
    List<Syntax> list(String close) {
        List<Syntax> elements = new ArrayList<>();
        if (tokens.takeMark(close)) {
            return elements;
        }
        do {
            elements.add(expression.get());
        } while (tokens.takeMark(","));
        tokens.expectMark(close);
        return elements;
    }

    private Syntax.Name name() {
        List<String> parts = new ArrayList<>();
        int position = tokens.peek().position();
        do {
            Token part = tokens.peek();
            if (part.kind() != Token.Kind.WORD && part.kind() != Token.Kind.QUOTED) {
                throw tokens.expected("a name");
            }
            parts.add(tokens.next().text());
        } while (tokens.takeMark("."));
        return new Syntax.Name(position, parts);
    }

    /** {@code SELECT column FROM table [WHERE …]}, without parentheses. */
    Syntax.Select select() {
        int position = tokens.next().position();
        if (tokens.peek().isWord("distinct")) {
            throw WhereException.at(
                    tokens.peek().position(), "DISTINCT changes nothing inside IN (SELECT …): leave it out");
        }
        Syntax.Name column = name();
        if (!tokens.peek().isWord("from")) {
            throw tokens.expected("FROM: the inner SELECT reads one column of one table");
        }
        tokens.next();
        Syntax.Name table = name();
        Optional<Syntax> where = Optional.empty();
        if (tokens.takeWord("where")) {
            where = Optional.of(expression.get());
        }
        if (!tokens.peek().isMark(")")) {
            throw tokens.expected("\")\": the inner SELECT is column FROM table WHERE condition, no more");
        }
        return new Syntax.Select(position, column, table, where);
    }
}
