package dev.warung.core.where.syntax;

import dev.warung.core.where.problem.WhereException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Text → syntax tree, with PostgreSQL's precedence: {@code NOT a = 1 OR b IS NULL} is one; {@code a < b < c} is refused.
 *
 * <p>Guarantees: a clause that is too long or nests too deeply is refused, so no clause overflows the stack of whoever walks
 * the tree. Thread: one; used once.
 */
public final class Parser {

    /** Characters of a clause. */
    public static final int LENGTH_MAX = 100_000;

    /** Levels of nesting; a chain of operators such as {@code a + b + c} counts a level for each. */
    public static final int DEPTH_MAX = 200;

    private static final int LOWEST = 0;
    private static final int OR = 1;
    private static final int AND = 2;
    private static final int NOT = 3;
    private static final int IS = 4;
    private static final int COMPARISON = 5;
    private static final int RANGE = 6;
    private static final int OTHER_OPERATOR = 7;
    private static final int SUM = 8;
    private static final int PRODUCT = 9;
    private static final int POWER = 10;
    private static final int AT_TIME_ZONE = 11;
    private static final int COLLATE = 12;
    private static final int SIGN = 13;
    private static final int ELEMENT = 14;
    private static final int CAST = 15;

    private static final Map<String, Integer> OPERATORS = Map.ofEntries(
            Map.entry("=", COMPARISON),
            Map.entry("<>", COMPARISON),
            Map.entry("<", COMPARISON),
            Map.entry(">", COMPARISON),
            Map.entry("<=", COMPARISON),
            Map.entry(">=", COMPARISON),
            Map.entry("+", SUM),
            Map.entry("-", SUM),
            Map.entry("*", PRODUCT),
            Map.entry("/", PRODUCT),
            Map.entry("%", PRODUCT),
            Map.entry("^", POWER));

    private static final Set<String> RANGE_WORDS = Set.of("between", "in", "like", "ilike", "similar");
    /** Words that cannot follow a complete expression, with what to say. */
    private static final Set<String> CLAUSES = Set.of(
            "order",
            "group",
            "limit",
            "offset",
            "having",
            "union",
            "intersect",
            "except",
            "window",
            "for",
            "fetch",
            "returning");

    private final TokenStream tokens;
    private final Operands operands;
    private int depth;

    private Parser(String text) {
        this.tokens = new TokenStream(Lexer.tokens(text));
        this.operands = new Operands(tokens, this::expression);
    }

    /** @throws WhereException if the text is not one SQL expression of the supported grammar */
    public static Syntax parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw WhereException.at(
                    LENGTH_MAX, "the clause has " + text.length() + " characters, more than " + LENGTH_MAX);
        }
        Parser parser = new Parser(text);
        Syntax syntax = parser.expression();
        Token end = parser.tokens.peek();
        if (end.kind() == Token.Kind.WORD && CLAUSES.contains(end.text())) {
            throw WhereException.at(end.position(), "a where clause cannot be followed by " + end.shown());
        }
        if (end.kind() != Token.Kind.END) {
            throw WhereException.at(
                    end.position(), "syntax error: expected an operator or the end but found " + end.shown());
        }
        return syntax;
    }

    private Syntax expression() {
        return expression(LOWEST);
    }

    private Syntax expression(int lowest) {
        deeper();
        boolean isParenthesis = tokens.peek().isMark("(");
        Syntax left = prefix();
        boolean hasElements = isParenthesis || left instanceof Syntax.Name || left instanceof Syntax.Parameter;
        int chained = 0;
        int forbidden = -1;
        while (true) {
            int level = levelOfNext();
            if (level < lowest || level < 0 || level == forbidden || (level == ELEMENT && !hasElements)) {
                depth -= chained + 1;
                return left;
            }
            left = infix(left, level);
            // A cast or call has none without parentheses around it; PostgreSQL says so too.
            hasElements &= level == ELEMENT;
            // The operators of these two levels do not chain: a < b < c is an error in PostgreSQL too.
            forbidden = level == COMPARISON || level == RANGE ? level : -1;
            deeper();
            chained++;
        }
    }

    private void deeper() {
        if (++depth > DEPTH_MAX) {
            throw WhereException.at(
                    tokens.peek().position(), "the clause nests more than " + DEPTH_MAX + " levels deep");
        }
    }

    private Syntax prefix() {
        Token token = tokens.peek();
        if (token.isWord("not")) {
            tokens.next();
            return new Syntax.Not(token.position(), expression(NOT));
        }
        if (token.kind() == Token.Kind.OPERATOR) {
            tokens.next();
            int level = token.isOperator("+") || token.isOperator("-") ? SIGN : OTHER_OPERATOR + 1;
            return new Syntax.Prefix(token.position(), token.text(), expression(level));
        }
        return operands.read();
    }

    /** The level of the operator that comes next, or -1 if none does. */
    private int levelOfNext() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case OPERATOR -> OPERATORS.getOrDefault(token.text(), OTHER_OPERATOR);
            case MARK -> token.isMark("::") ? CAST : token.isMark("[") ? ELEMENT : -1;
            case WORD -> levelOfWord(token.text());
            default -> -1;
        };
    }

    private int levelOfWord(String word) {
        return switch (word) {
            case "or" -> OR;
            case "and" -> AND;
            case "is", "isnull", "notnull" -> IS;
            case "between", "in", "like", "ilike", "similar" -> RANGE;
            case "not" -> RANGE_WORDS.contains(tokens.peek(1).text()) ? RANGE : -1;
            case "at" -> AT_TIME_ZONE;
            case "collate" -> COLLATE;
            default -> -1;
        };
    }

    private Syntax infix(Syntax left, int level) {
        Token token = tokens.next();
        return switch (level) {
            case OR -> new Syntax.Or(token.position(), chain(left, "or", AND));
            case AND -> new Syntax.And(token.position(), chain(left, "and", NOT));
            case IS -> is(left, token);
            case RANGE -> range(left, token);
            case CAST -> new Syntax.Cast(token.position(), left, new TypeNames(tokens).read());
            case ELEMENT -> element(left, token);
            case COLLATE -> collate(left, token);
            case AT_TIME_ZONE ->
                throw WhereException.at(token.position(), "AT TIME ZONE is not supported: times are compared in UTC");
            default -> operator(left, token, level);
        };
    }

    private List<Syntax> chain(Syntax first, String word, int level) {
        List<Syntax> chained = new ArrayList<>();
        chained.add(first);
        do {
            chained.add(expression(level));
        } while (tokens.takeWord(word));
        return chained;
    }

    private Syntax operator(Syntax left, Token token, int level) {
        Optional<Syntax> quantified = quantified(left, token, token.text());
        return quantified.orElseGet(
                () -> new Syntax.Infix(token.position(), token.text(), left, expression(level + 1)));
    }

    private Optional<Syntax> quantified(Syntax left, Token token, String operator) {
        Token word = tokens.peek();
        boolean all = word.isWord("all");
        if (!(all || word.isWord("any") || word.isWord("some"))
                || !tokens.peek(1).isMark("(")) {
            return Optional.empty();
        }
        tokens.next();
        tokens.next();
        if (tokens.peek().isWord("select")) {
            throw WhereException.at(tokens.peek().position(), "use IN (SELECT …): ANY and ALL take an array here");
        }
        Syntax array = expression();
        tokens.expectMark(")");
        return Optional.of(new Syntax.Quantified(token.position(), operator, all, left, array));
    }

    private Syntax is(Syntax left, Token token) {
        if (token.isWord("isnull") || token.isWord("notnull")) {
            return new Syntax.NullTest(token.position(), left, token.isWord("notnull"));
        }
        boolean negated = tokens.takeWord("not");
        Token what = tokens.peek();
        int position = token.position();
        if (tokens.takeWord("null")) {
            return new Syntax.NullTest(position, left, negated);
        }
        if (tokens.takeWord("true") || tokens.takeWord("false")) {
            return new Syntax.TruthTest(position, left, Optional.of(what.isWord("true")), negated);
        }
        if (tokens.takeWord("unknown")) {
            return new Syntax.TruthTest(position, left, Optional.empty(), negated);
        }
        if (tokens.takeWord("distinct")) {
            tokens.expectWord("from");
            return new Syntax.Distinct(position, left, expression(IS + 1), negated);
        }
        throw tokens.expected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
    }

    private Syntax range(Syntax left, Token token) {
        boolean negated = token.isWord("not");
        Token word = negated ? tokens.next() : token;
        return switch (word.text()) {
            case "between" -> between(left, word, negated);
            case "in" -> in(left, word, negated);
            case "like", "ilike" -> like(left, word, new Syntax.LikeKind(negated, word.isWord("ilike")));
            default ->
                throw WhereException.at(
                        word.position(), "SIMILAR TO is not supported: use LIKE, ILIKE or several of them");
        };
    }

    private Syntax between(Syntax left, Token word, boolean negated) {
        boolean symmetric = tokens.takeWord("symmetric");
        if (!symmetric) {
            tokens.takeWord("asymmetric");
        }
        Syntax low = expression(COMPARISON);
        tokens.expectWord("and");
        Syntax high = expression(RANGE + 1);
        return new Syntax.Between(word.position(), left, low, high, new Syntax.BetweenKind(negated, symmetric));
    }

    private Syntax like(Syntax left, Token word, Syntax.LikeKind kind) {
        Optional<Syntax> quantified = quantified(left, word, kind.operator());
        if (quantified.isPresent()) {
            return quantified.get();
        }
        Syntax pattern = expression(RANGE + 1);
        Optional<Syntax> escape = Optional.empty();
        if (tokens.takeWord("escape")) {
            escape = Optional.of(expression(RANGE + 1));
        }
        return new Syntax.Like(word.position(), left, pattern, escape, kind);
    }

    private Syntax in(Syntax left, Token word, boolean negated) {
        tokens.expectMark("(");
        if (tokens.peek().isWord("select")) {
            Syntax.Select select = operands.select();
            tokens.expectMark(")");
            return new Syntax.InSelect(word.position(), left, select, negated);
        }
        List<Syntax> elements = operands.list(")");
        if (elements.isEmpty()) {
            throw WhereException.at(word.position(), "the list of IN must not be empty");
        }
        return new Syntax.InList(word.position(), left, elements, negated);
    }

    private Syntax element(Syntax left, Token bracket) {
        if (tokens.peek().isMark(":")) {
            throw sliced(tokens.peek());
        }
        Syntax index = expression();
        if (tokens.peek().isMark(":") || tokens.peek().kind() == Token.Kind.PARAMETER) {
            throw sliced(tokens.peek());
        }
        tokens.expectMark("]");
        return new Syntax.Element(bracket.position(), left, index);
    }

    private static WhereException sliced(Token token) {
        return WhereException.at(token.position(), "slices of arrays are not supported");
    }

    private Syntax collate(Syntax left, Token word) {
        Token name = tokens.next();
        if (name.isWord("pg_catalog") && tokens.takeMark(".")) {
            name = tokens.next();
        }
        if (name.kind() != Token.Kind.QUOTED && name.kind() != Token.Kind.WORD) {
            throw WhereException.at(name.position(), "expected the name of a collation but found " + name.shown());
        }
        return new Syntax.Collate(word.position(), left, name.text());
    }
}
