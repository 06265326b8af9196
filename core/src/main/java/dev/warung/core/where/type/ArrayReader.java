package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads array literals: {@code {1,NULL,3}} and {@code [0:1]={7,8}} are two; {@code 1,2} is refused.
 *
 * <p>Thread: one; used once.
 */
final class ArrayReader {

    private final String text;
    private final Function<String, Object> element;
    private final List<@Nullable Object> elements = new ArrayList<>();
    /** Elements seen in a part of each depth; -1 before the first part of that depth is complete. */
    private final List<Integer> lengths = new ArrayList<>();

    private int deepest;
    private int at;

    private ArrayReader(String text, Function<String, Object> element) {
        this.text = text;
        this.element = element;
    }

    /** @throws EvaluationException if the text is not an array, or an element is not of its type */
    static ArrayValue array(String text, Function<String, Object> element) {
        return new ArrayReader(NumberText.trim(text), element).read();
    }

    private ArrayValue read() {
        List<Integer> lowers = new ArrayList<>();
        List<Integer> declared = new ArrayList<>();
        if (peek() == '[') {
            bounds(lowers, declared);
        }
        if (peek() != '{') {
            throw malformed();
        }
        part(0);
        if (at != text.length()) {
            throw malformed();
        }
        if (elements.isEmpty()) {
            return ArrayValue.EMPTY;
        }
        if (lowers.isEmpty()) {
            lengths.forEach(l -> lowers.add(1));
        } else if (!declared.equals(lengths)) {
            throw malformed();
        }
        return new ArrayValue(lengths, lowers, elements);
    }

    private EvaluationException malformed() {
        return new EvaluationException("malformed array literal: \"" + text + "\"");
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void skipSpace() {
        while (peek() == ' ' || (peek() >= '\t' && peek() <= '\r')) {
            at++;
        }
    }

    private void bounds(List<Integer> lowers, List<Integer> declared) {
        while (peek() == '[') {
            at++;
            int end = text.indexOf(']', at);
            if (end < 0) {
                throw malformed();
            }
            String[] pair = text.substring(at, end).split(":", 2);
            try {
                int lower = pair.length == 2 ? Integer.parseInt(pair[0]) : 1;
                int upper = Integer.parseInt(pair[pair.length - 1]);
                lowers.add(lower);
                declared.add(Math.addExact(Math.subtractExact(upper, lower), 1));
            } catch (NumberFormatException | ArithmeticException e) {
                throw malformed();
            }
            at = end + 1;
        }
        if (peek() != '=') {
            throw malformed();
        }
        at++;
        skipSpace();
    }

    /** From the opening brace to the one that closes it. */
    private void part(int depth) {
        if (depth >= 6) {
            throw malformed();
        }
        at++;
        int count = 0;
        skipSpace();
        while (peek() != '}') {
            if (peek() == '{') {
                if (deepest > 0 && depth + 1 >= deepest) {
                    throw malformed();
                }
                part(depth + 1);
            } else {
                if (deepest > 0 && depth + 1 != deepest) {
                    throw malformed();
                }
                deepest = depth + 1;
                item();
            }
            count++;
            skipSpace();
            if (peek() == ',') {
                at++;
                skipSpace();
                if (peek() == '}') {
                    throw malformed();
                }
            } else if (peek() != '}') {
                throw malformed();
            }
        }
        at++;
        close(depth, count);
    }

    private void close(int depth, int count) {
        while (lengths.size() <= depth) {
            lengths.add(-1);
        }
        if (lengths.get(depth) == -1) {
            lengths.set(depth, count);
        } else if (lengths.get(depth) != count) {
            throw malformed();
        }
    }

    private void item() {
        if (peek() == '"') {
            elements.add(element.apply(quoted()));
            return;
        }
        StringBuilder content = new StringBuilder();
        int kept = 0;
        while (at < text.length() && ",{}\"".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                content.append(text.charAt(at++));
                kept = content.length();
            } else {
                content.append(c);
                kept = c == ' ' || (c >= '\t' && c <= '\r') ? kept : content.length();
            }
        }
        content.setLength(kept);
        if (content.isEmpty()) {
            throw malformed();
        }
        String item = content.toString();
        elements.add(item.equalsIgnoreCase("null") ? null : element.apply(item));
    }

    private String quoted() {
        StringBuilder content = new StringBuilder();
        at++;
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
            }
            if (at >= text.length()) {
                throw malformed();
            }
            content.append(text.charAt(at++));
        }
        at++;
        return content.toString();
    }
}
