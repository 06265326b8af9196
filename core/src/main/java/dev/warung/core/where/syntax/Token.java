package dev.warung.core.where.syntax;

/**
 * A word of the clause.
 *
 * @param text for names the name as PostgreSQL folds it, for strings the content, else what stands there
 * @param position counted from 1
 */
record Token(Kind kind, String text, int position) {
    enum Kind {
        /** An unquoted name or a keyword, in lower case. */
        WORD,
        /** A name in double quotes, never a keyword. */
        QUOTED,
        STRING,
        NUMBER,
        /** {@code :name} or {@code $1}: the text is the name or the number. */
        PARAMETER,
        OPERATOR,
        /** One of {@code ( ) [ ] , . ; :} or {@code ::}. */
        MARK,
        END
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isMark(String mark) {
        return kind == Kind.MARK && text.equals(mark);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** For messages. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case STRING -> "'" + text.replace("'", "''") + "'";
            case QUOTED -> "\"" + text + "\"";
            case PARAMETER -> (Character.isDigit(text.charAt(0)) ? "$" : ":") + text;
            default -> "\"" + text + "\"";
        };
    }
}
