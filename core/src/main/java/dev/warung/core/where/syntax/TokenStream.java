package dev.warung.core.where.syntax;

import dev.warung.core.where.problem.WhereException;
import java.util.List;

/** The tokens of a clause and how far they are read. */
final class TokenStream {

    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The token after the next {@code ahead} ones. */
    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean takeWord(String word) {
        boolean is = peek().isWord(word);
        if (is) {
            at++;
        }
        return is;
    }

    boolean takeMark(String mark) {
        boolean is = peek().isMark(mark);
        if (is) {
            at++;
        }
        return is;
    }

    void expectWord(String word) {
        if (!takeWord(word)) {
            throw expected(word.toUpperCase(java.util.Locale.ROOT));
        }
    }

    void expectMark(String mark) {
        if (!takeMark(mark)) {
            throw expected("\"" + mark + "\"");
        }
    }

    WhereException expected(String what) {
        return WhereException.at(peek().position(), "expected " + what + " but found " + peek().shown());
    }
}
