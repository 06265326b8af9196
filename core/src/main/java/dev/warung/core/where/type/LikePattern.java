package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;

/** LIKE, with backslash as the escape. An escape at the end of a pattern is an error only if the text reaches it. */
public final class LikePattern {

    private enum Result {
        MATCH,
        NO_MATCH,
        /** The text is used up: no longer way through an earlier % can match either. */
        TEXT_ENDED
    }

    private final String text;
    private final String pattern;

    private LikePattern(String text, String pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** @throws EvaluationException if the pattern ends in an escape that is reached */
    public static boolean matches(String text, String pattern) {
        return new LikePattern(text, pattern).match(0, 0) == Result.MATCH;
    }

    /** A pattern with another escape character as one with backslash. @throws EvaluationException if it is no character */
    public static String withEscape(String pattern, String escape) {
        if (escape.isEmpty()) {
            return pattern.replace("\\", "\\\\");
        }
        if (escape.codePointCount(0, escape.length()) != 1) {
            throw new EvaluationException("invalid escape string");
        }
        if (escape.equals("\\")) {
            return pattern;
        }
        StringBuilder changed = new StringBuilder();
        boolean isEscaped = false;
        for (int i = 0; i < pattern.length(); ) {
            int c = pattern.codePointAt(i);
            i += Character.charCount(c);
            if (c == escape.codePointAt(0) && !isEscaped) {
                changed.append('\\');
                isEscaped = true;
            } else if (c == '\\') {
                changed.append('\\');
                if (!isEscaped) {
                    changed.append('\\');
                }
                isEscaped = false;
            } else {
                changed.appendCodePoint(c);
                isEscaped = false;
            }
        }
        return changed.toString();
    }

    private static EvaluationException endsInEscape() {
        return new EvaluationException("LIKE pattern must not end with escape character");
    }

    private int width(int at) {
        return Character.isHighSurrogate(text.charAt(at)) && at + 1 < text.length() ? 2 : 1;
    }

    private Result match(int textFrom, int patternFrom) {
        int t = textFrom;
        int p = patternFrom;
        while (t < text.length() && p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == '%') {
                return afterPercent(t, p + 1);
            }
            if (c == '_') {
                t += width(t);
                p++;
                continue;
            }
            if (c == '\\') {
                p++;
                if (p == pattern.length()) {
                    throw endsInEscape();
                }
                c = pattern.charAt(p);
            }
            if (c != text.charAt(t)) {
                return Result.NO_MATCH;
            }
            t++;
            p++;
        }
        if (t < text.length()) {
            return Result.NO_MATCH;
        }
        while (p < pattern.length() && pattern.charAt(p) == '%') {
            p++;
        }
        return p == pattern.length() ? Result.MATCH : Result.TEXT_ENDED;
    }

    private Result afterPercent(int textFrom, int patternFrom) {
        int t = textFrom;
        int p = patternFrom;
        while (p < pattern.length() && (pattern.charAt(p) == '%' || pattern.charAt(p) == '_')) {
            if (pattern.charAt(p) == '_') {
                if (t == text.length()) {
                    return Result.TEXT_ENDED;
                }
                t += width(t);
            }
            p++;
        }
        if (p == pattern.length()) {
            return Result.MATCH;
        }
        char first = pattern.charAt(p);
        if (first == '\\') {
            if (p + 1 == pattern.length()) {
                throw endsInEscape();
            }
            first = pattern.charAt(p + 1);
        }
        while (t < text.length()) {
            if (text.charAt(t) == first) {
                Result result = match(t, p);
                if (result != Result.NO_MATCH) {
                    return result;
                }
            }
            t += width(t);
        }
        return Result.TEXT_ENDED;
    }
}
