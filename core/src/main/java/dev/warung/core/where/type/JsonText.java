package dev.warung.core.where.type;

import dev.warung.core.where.problem.EvaluationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds parts of a JSON text without building a tree: the parts of what PostgreSQL printed are themselves what it prints.
 * {@code {"a": [1, "x"]}} is one text; {@code {a: 1}} is refused.
 *
 * <p>Thread: one; used once.
 */
public final class JsonText {

    private static final int DEPTH_MAX = 1000;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /** The text of a member of an object, or null if there is none; the last one wins where names repeat. */
    public static @Nullable String member(String text, String name) {
        JsonText json = new JsonText(text);
        @Nullable String[] found = new @Nullable String[1];
        json.eachMember((key, value) -> {
            if (key.equals(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    /** The texts of all members of an object in their order; none of anything else. */
    public static Map<String, String> members(String text) {
        Map<String, String> members = new LinkedHashMap<>();
        new JsonText(text).eachMember(members::put);
        return members;
    }

    private void eachMember(BiConsumer<String, String> each) {
        if (peek() != '{') {
            return;
        }
        at++;
        while (peek() != '}') {
            String key = string();
            take(':');
            each.accept(key, skipped());
            if (peek() == ',') {
                at++;
            }
        }
    }

    /** The text of an element of an array, counted from 0 or, negative, from the end; null if there is none. */
    public static @Nullable String element(String text, long index) {
        JsonText json = new JsonText(text);
        if (json.peek() != '[') {
            return null;
        }
        List<String> elements = new ArrayList<>();
        json.at++;
        while (json.peek() != ']') {
            elements.add(json.skipped());
            if (json.peek() == ',') {
                json.at++;
            }
        }
        long at = index < 0 ? elements.size() + index : index;
        return at < 0 || at >= elements.size() ? null : elements.get((int) at);
    }

    /** As {@link #element}, of jsonb: there a value that is neither object nor array counts as an array of itself. */
    public static @Nullable String jsonbElement(String text, long index) {
        boolean isSingle = !text.startsWith("{") && !text.startsWith("[");
        return isSingle ? (index == 0 || index == -1 ? text : null) : element(text, index);
    }

    /** What {@code ->>} makes of a part: the content of a string, null for null, else the text. */
    public static @Nullable String unquoted(@Nullable String part) {
        if (part == null || part.equals("null")) {
            return null;
        }
        return part.startsWith("\"") ? new JsonText(part).string() : part;
    }

    /**
     * One spelling of equal documents: members sorted as jsonb does, the last of equal names, numbers without zeros at the end.
     *
     * @throws EvaluationException if the text is not JSON
     */
    public static String canonical(String text) {
        return whole(text, true);
    }

    /** What PostgreSQL prints for {@code text::jsonb}. @throws EvaluationException if the text is not JSON */
    public static String jsonb(String text) {
        return whole(text, false);
    }

    private static String whole(String text, boolean stripped) {
        JsonText json = new JsonText(text);
        StringBuilder out = new StringBuilder(text.length());
        json.write(out, stripped);
        json.peek();
        if (json.at != text.length()) {
            throw json.invalid();
        }
        return out.toString();
    }

    private EvaluationException invalid() {
        return new EvaluationException("invalid input syntax for type json: \"" + text + "\"");
    }

    /** The next character that is not white space. */
    private char peek() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void take(char c) {
        if (peek() != c) {
            throw invalid();
        }
        at++;
    }

    /** The text of the next value, which is passed over. */
    private String skipped() {
        peek();
        int start = at;
        int open = 0;
        do {
            char c = peek();
            if (c == '\0') {
                throw invalid();
            }
            if (c == '"') {
                skipString();
            } else if (c == '{' || c == '[') {
                open++;
                at++;
            } else if (c == '}' || c == ']') {
                open--;
                at++;
            } else if (c == ',' || c == ':') {
                at++;
            } else {
                word();
            }
        } while (open > 0);
        return text.substring(start, at);
    }

    private void skipString() {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
        if (at > text.length()) {
            throw invalid();
        }
    }

    private String word() {
        int start = at;
        while (at < text.length() && ",:]}[{\" \t\n\r".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String string() {
        take('"');
        StringBuilder content = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw invalid();
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return content.toString();
            }
            if (c < ' ') {
                throw invalid();
            }
            content.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        if (at >= text.length()) {
            throw invalid();
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int end = at + 4;
                if (end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]{4}")) {
                    throw invalid();
                }
                char unit = (char) Integer.parseInt(text.substring(at, end), 16);
                at = end;
                if (unit == 0) {
                    throw new EvaluationException("unsupported Unicode escape sequence");
                }
                yield unit;
            }
            default -> throw invalid();
        };
    }

    private void write(StringBuilder out, boolean stripped) {
        if (++depth > DEPTH_MAX) {
            throw invalid();
        }
        switch (peek()) {
            case '{' -> writeObject(out, stripped);
            case '[' -> writeArray(out, stripped);
            case '"' -> quote(out, string());
            default -> writeWord(out, word(), stripped);
        }
        depth--;
    }

    private void writeWord(StringBuilder out, String word, boolean stripped) {
        if (word.equals("true") || word.equals("false") || word.equals("null")) {
            out.append(word);
        } else if (word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
            Numeric number = Numeric.parse(word);
            BigDecimal value = stripped ? number.value().stripTrailingZeros() : number.value();
            out.append(value.signum() == 0 && stripped ? "0" : value.toPlainString());
        } else {
            throw invalid();
        }
    }

    private void writeArray(StringBuilder out, boolean stripped) {
        at++;
        out.append('[');
        boolean isFirst = true;
        while (peek() != ']' || !isFirst) {
            if (!isFirst) {
                out.append(", ");
            }
            write(out, stripped);
            isFirst = false;
            if (peek() == ']') {
                break;
            }
            take(',');
        }
        take(']');
        out.append(']');
    }

    private void writeObject(StringBuilder out, boolean stripped) {
        at++;
        Map<String, String> members = new TreeMap<>(JsonText::compareNames);
        boolean isFirst = true;
        while (peek() != '}' || !isFirst) {
            String name = string();
            take(':');
            StringBuilder value = new StringBuilder();
            write(value, stripped);
            members.put(name, value.toString());
            isFirst = false;
            if (peek() == '}') {
                break;
            }
            take(',');
        }
        take('}');
        out.append('{');
        members.forEach((name, value) -> {
            quote(out.length() > 1 && out.charAt(out.length() - 1) != '{' ? out.append(", ") : out, name);
            out.append(": ").append(value);
        });
        out.append('}');
    }

    /** jsonb keeps shorter names first, then in the order of the bytes. */
    private static int compareNames(String left, String right) {
        int byLength = Integer.compare(utf8Length(left), utf8Length(right));
        return byLength != 0 ? byLength : Order.compareTexts(left, right);
    }

    private static int utf8Length(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    private static void quote(StringBuilder out, String content) {
        out.append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
