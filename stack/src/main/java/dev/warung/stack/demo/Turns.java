package dev.warung.stack.demo;

import java.util.OptionalInt;

/**
 * Who is offline when: the first outlet and the second in turns, with a while between in which all are there.
 *
 * @param seconds how long each of these lasts
 */
record Turns(int outlets, double seconds) {
    private static final int PHASES = 4;

    /** Which outlet is away so long after the tills were opened. */
    OptionalInt away(double at) {
        return switch ((int) Math.floor(at / seconds) % PHASES) {
            case 1 -> outlets > 0 ? OptionalInt.of(0) : OptionalInt.empty();
            case 3 -> outlets > 1 ? OptionalInt.of(1) : OptionalInt.empty();
            default -> OptionalInt.empty();
        };
    }
}
