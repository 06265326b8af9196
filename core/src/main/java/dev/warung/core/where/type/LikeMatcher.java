package dev.warung.core.where.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A LIKE pattern taken apart once, for many texts: what stands between its percent signs is compared at the text's beginning and end and
 * searched in between, each piece as early as possible. It says the same as {@link LikePattern}.
 */
public final class LikeMatcher {

    private static final int ANY = -1;

    private final Piece first;
    private final Piece[] middle;
    private final Piece last;

    private final boolean isWhole;

    private LikeMatcher(List<Piece> pieces) {
        this.first = pieces.get(0);
        this.last = pieces.get(pieces.size() - 1);
        this.isWhole = pieces.size() == 1;
        this.middle = isWhole
                ? new Piece[0]
                : pieces.subList(1, pieces.size() - 1).stream()
                        .filter(piece -> piece.points.length > 0)
                        .toArray(Piece[]::new);
    }

    /** Empty if the pattern ends in an escape, which is an error only where a text reaches it. */
    public static Optional<LikeMatcher> of(String pattern) {
        List<Piece> pieces = new ArrayList<>();
        List<Integer> points = new ArrayList<>();
        for (int i = 0; i < pattern.length(); ) {
            int c = pattern.codePointAt(i);
            i += Character.charCount(c);
            if (c == '%') {
                pieces.add(new Piece(points));
                points.clear();
            } else if (c == '_') {
                points.add(ANY);
            } else if (c == '\\') {
                if (i == pattern.length()) {
                    return Optional.empty();
                }
                int escaped = pattern.codePointAt(i);
                i += Character.charCount(escaped);
                points.add(escaped);
            } else {
                points.add(c);
            }
        }
        pieces.add(new Piece(points));
        return Optional.of(new LikeMatcher(pieces));
    }

    public boolean matches(String text) {
        int from = first.endAt(text, 0);
        if (from < 0 || isWhole) {
            return from == text.length();
        }
        for (Piece piece : middle) {
            from = piece.endFrom(text, from);
            if (from < 0) {
                return false;
            }
        }
        return last.isEndOf(text, from);
    }

    /** What stands between two percent signs. */
    private static final class Piece {
        /** Code points; ANY for an underscore. */
        private final int[] points;
        /** Meaningful only without underscores. */
        private final String literal;

        private final boolean isLiteral;

        private Piece(List<Integer> points) {
            this.points = points.stream().mapToInt(Integer::intValue).toArray();
            this.isLiteral = !points.contains(ANY);
            this.literal = isLiteral ? new String(this.points, 0, this.points.length) : "";
        }

        /** Where the piece ends if it stands at this place of the text; -1 if it does not. */
        private int endAt(String text, int from) {
            if (isLiteral) {
                return text.startsWith(literal, from) ? from + literal.length() : -1;
            }
            int at = from;
            for (int point : points) {
                if (at == text.length()) {
                    return -1;
                }
                int c = text.codePointAt(at);
                if (point != ANY && point != c) {
                    return -1;
                }
                at += Character.charCount(c);
            }
            return at;
        }

        /** Where the first occurrence from this place on ends; -1 if there is none. */
        private int endFrom(String text, int from) {
            if (isLiteral) {
                int at = text.indexOf(literal, from);
                return at < 0 ? -1 : at + literal.length();
            }
            for (int at = from; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
                int end = endAt(text, at);
                if (end >= 0) {
                    return end;
                }
            }
            return -1;
        }

        /** Whether the text ends in the piece, which may not begin before a place. */
        private boolean isEndOf(String text, int from) {
            if (isLiteral) {
                return text.length() - literal.length() >= from && text.endsWith(literal);
            }
            if (text.codePointCount(from, text.length()) < points.length) {
                return false;
            }
            return endAt(text, text.offsetByCodePoints(text.length(), -points.length)) == text.length();
        }
    }
}
