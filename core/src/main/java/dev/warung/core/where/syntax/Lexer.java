package dev.warung.core.where.syntax;

import dev.warung.core.where.problem.WhereException;
import java.util.ArrayList;
import java.util.List;

/**
 * Text → tokens by PostgreSQL's rules: {@code nama = 'a''b' -- c} is three tokens; {@code 'a} is refused.
 *
 * <p>Thread: one; used once.
 */
final class Lexer {

    private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?";
    /** An operator may end in + or - only if it has one of these; so {@code a=-1} is two operators. */
    private static final String ALLOW_SIGN_AT_END = "~!@#%^&|`?";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** @throws WhereException if a string, name or comment does not end, or a character has no meaning */
    static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (skipSpace()) {
            int start = at;
            char c = text.charAt(at);
            if (c == '\'') {
                add(Token.Kind.STRING, string(start), start);
            } else if ((c == 'e' || c == 'E') && peek(1) == '\'') {
                at++;
                add(Token.Kind.STRING, escapedString(start), start);
            } else if ("bBxXnN".indexOf(c) >= 0 && peek(1) == '\'' || (c == 'u' || c == 'U') && peek(1) == '&') {
                throw WhereException.at(start + 1, "strings of the kind " + c + "'…' are not supported");
            } else if (c == '"') {
                add(Token.Kind.QUOTED, quoted(start), start);
            } else if (isNameStart(c)) {
                add(Token.Kind.WORD, word(), start);
            } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
                add(Token.Kind.NUMBER, number(), start);
            } else if (c == '$') {
                dollar(start);
            } else if (c == ':' && isNameStart(peek(1))) {
                at++;
                add(Token.Kind.PARAMETER, parameterName(), start);
            } else if (c == ':' && peek(1) == ':') {
                at += 2;
                add(Token.Kind.MARK, "::", start);
            } else if ("()[],.;:".indexOf(c) >= 0) {
                at++;
                add(Token.Kind.MARK, String.valueOf(c), start);
            } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
                add(Token.Kind.OPERATOR, operator(), start);
            } else {
                throw WhereException.at(start + 1, "unexpected character \"" + c + "\"");
            }
        }
        add(Token.Kind.END, "", text.length());
    }

    private void add(Token.Kind kind, String content, int start) {
        tokens.add(new Token(kind, content, start + 1));
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    private boolean skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b') {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else if (c == '/' && peek(1) == '*') {
                skipComment();
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipComment() {
        int start = at;
        int depth = 0;
        do {
            if (at >= text.length()) {
                throw WhereException.at(start + 1, "the comment does not end: \"*/\" is missing");
            }
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0);
    }

    private String string(int start) {
        return enclosed(
                '\'',
                start,
                "the string does not end: a ' is missing",
                (c, content) -> content.append(notNul(c, start)));
    }

    /** {@code E'…'}: the escapes of C. */
    private String escapedString(int start) {
        return enclosed('\'', start, "the string does not end: a ' is missing", (c, content) -> {
            if (c == '\\') {
                escape(start, content);
            } else {
                content.append(notNul(c, start));
            }
        });
    }

    private String quoted(int start) {
        String name = enclosed('"', start, "the name does not end: a \" is missing", (c, content) -> content.append(c));
        if (name.isEmpty()) {
            throw WhereException.at(start + 1, "a name in quotes must not be empty");
        }
        return name;
    }

    /** What a character between quotes adds to the content; {@link #at} is behind it. */
    private interface Inside {
        void read(char c, StringBuilder content);
    }

    /** Reads on behind the closing quote; two quotes are one that belongs to the content. */
    private String enclosed(char quote, int start, String unended, Inside inside) {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != quote) {
                inside.read(c, content);
            } else if (peek(0) == quote) {
                at++;
                content.append(quote);
            } else {
                return content.toString();
            }
        }
        throw WhereException.at(start + 1, unended);
    }

    private static char notNul(char c, int start) {
        if (c == '\0') {
            throw WhereException.at(start + 1, "a text of PostgreSQL never holds the character 0");
        }
        return c;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 127;
    }

    private String parameterName() {
        int start = at;
        while (isNameStart(peek(0)) || isDigit(peek(0))) {
            at++;
        }
        return text.substring(start, at);
    }

    private String word() {
        int start = at;
        while (isNameStart(peek(0)) || isDigit(peek(0)) || peek(0) == '$') {
            at++;
        }
        StringBuilder folded = new StringBuilder(at - start);
        for (int i = start; i < at; i++) {
            char c = text.charAt(i);
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return folded.toString();
    }

    private String number() {
        int start = at;
        if (peek(0) == '0' && "xXoObB".indexOf(peek(1)) >= 0 && peek(1) != '\0') {
            at += 2;
            while (isNameStart(peek(0)) || isDigit(peek(0))) {
                at++;
            }
            return text.substring(start, at);
        }
        digits();
        if (peek(0) == '.') {
            at++;
            digits();
        }
        boolean hasSign = peek(1) == '+' || peek(1) == '-';
        if ((peek(0) == 'e' || peek(0) == 'E') && isDigit(peek(hasSign ? 2 : 1))) {
            at += hasSign ? 2 : 1;
            digits();
        }
        if (isNameStart(peek(0)) || peek(0) == '$') {
            throw WhereException.at(at + 1, "a name cannot follow a number directly");
        }
        return text.substring(start, at);
    }

    private void digits() {
        while (isDigit(peek(0)) || (peek(0) == '_' && isDigit(peek(1)))) {
            at++;
        }
    }

    private void dollar(int start) {
        if (isDigit(peek(1))) {
            at++;
            int first = at;
            digits();
            add(Token.Kind.PARAMETER, text.substring(first, at), start);
            return;
        }
        int end = text.indexOf('$', at + 1);
        if (end < 0) {
            throw WhereException.at(start + 1, "unexpected character \"$\"");
        }
        String tag = text.substring(at, end + 1);
        int close = text.indexOf(tag, end + 1);
        if (close < 0) {
            throw WhereException.at(start + 1, "the string does not end: " + tag + " is missing");
        }
        at = close + tag.length();
        add(Token.Kind.STRING, text.substring(end + 1, close), start);
    }

    private String operator() {
        int start = at;
        while (OPERATOR_CHARACTERS.indexOf(peek(0)) >= 0
                && peek(0) != '\0'
                && !text.startsWith("--", at)
                && !text.startsWith("/*", at)) {
            at++;
        }
        while (at - start > 1 && (text.charAt(at - 1) == '+' || text.charAt(at - 1) == '-')) {
            if (text.substring(start, at).chars().anyMatch(c -> ALLOW_SIGN_AT_END.indexOf(c) >= 0)) {
                break;
            }
            at--;
        }
        String operator = text.substring(start, at);
        return operator.equals("!=") ? "<>" : operator;
    }

    private void escape(int start, StringBuilder content) {
        char c = peek(0);
        int escapeAt = at;
        at++;
        switch (c) {
            case 'b' -> content.append('\b');
            case 'f' -> content.append('\f');
            case 'n' -> content.append('\n');
            case 'r' -> content.append('\r');
            case 't' -> content.append('\t');
            case 'u' -> content.append(unicode(4, escapeAt));
            case 'U' -> content.append(unicode(8, escapeAt));
            case 'x', '0', '1', '2', '3', '4', '5', '6', '7' ->
                throw WhereException.at(escapeAt, "escapes by byte are not supported: write \\uXXXX");
            default -> content.append(notNul(c, start));
        }
    }

    private String unicode(int length, int escapeAt) {
        int end = Math.min(at + length, text.length());
        String character;
        try {
            character = Character.toString(Integer.parseInt(text.substring(at, end), 16));
        } catch (IllegalArgumentException e) {
            throw WhereException.at(escapeAt, "a Unicode escape needs " + length + " hexadecimal digits");
        }
        if (character.equals("\0")) {
            throw WhereException.at(escapeAt, "a text of PostgreSQL never holds the character 0");
        }
        at = end;
        return character;
    }
}
