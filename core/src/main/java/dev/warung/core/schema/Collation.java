package dev.warung.core.schema;

import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** How texts are ordered and how letters change case. */
public enum Collation {
    /** A language's order, which only PostgreSQL knows: such texts are compared for equality only. */
    LOCALE,
    /** The order of the bytes; letters of all scripts have cases. */
    UNICODE_BYTES,
    /** The order of the bytes; only the letters of ASCII have cases. */
    C,
    /** Texts of different bytes may be equal, by rules that only PostgreSQL knows: such texts are not compared at all. */
    NONDETERMINISTIC;

    /** The collation of this name, where it is one that orders by bytes everywhere. */
    public static Optional<Collation> named(String name) {
        return switch (name) {
            case "C", "POSIX", "ucs_basic" -> Optional.of(C);
            case "pg_c_utf8" -> Optional.of(UNICODE_BYTES);
            default -> Optional.empty();
        };
    }

    public boolean isByBytes() {
        return this == UNICODE_BYTES || this == C;
    }

    public String lower(String text) {
        return changed(text, this == C ? Collation::lowerAscii : Character::toLowerCase);
    }

    public String upper(String text) {
        return changed(text, this == C ? Collation::upperAscii : Character::toUpperCase);
    }

    private static int lowerAscii(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static int upperAscii(int c) {
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    }

    /**
     * Character by character: as PostgreSQL's builtin and libc providers do, where ICU may make two letters of one. The very same text if
     * nothing changes.
     */
    private static String changed(String text, IntUnaryOperator change) {
        int length = text.length();
        for (int i = 0; i < length; ) {
            int c = text.codePointAt(i);
            if (change.applyAsInt(c) != c) {
                return changedFrom(i, text, change);
            }
            i += Character.charCount(c);
        }
        return text;
    }

    private static String changedFrom(int first, String text, IntUnaryOperator change) {
        int length = text.length();
        StringBuilder changed = new StringBuilder(length).append(text, 0, first);
        for (int i = first; i < length; ) {
            int c = text.codePointAt(i);
            changed.appendCodePoint(change.applyAsInt(c));
            i += Character.charCount(c);
        }
        return changed.toString();
    }
}
