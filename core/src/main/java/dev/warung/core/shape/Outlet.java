package dev.warung.core.shape;

import dev.warung.core.where.type.JsonText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A row of {@code warung.outlets}.
 *
 * @param code names it in topics and consumer groups; it never changes
 * @param attributes as texts, without those that are NULL
 * @param generation a greater one means: forget everything and sync anew
 */
public record Outlet(
        String id, String code, String name, Map<String, String> attributes, boolean enabled, int generation) {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,59}");

    public Outlet {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** The attributes that shapes are bound to: those that were given, and its code. */
    public Map<String, String> bindings() {
        Map<String, String> bindings = new LinkedHashMap<>(attributes);
        bindings.put(SyncShape.PARAMETER, code);
        return bindings;
    }

    public static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }

    /** What {@code attributes ->> name} gives for each name, without NULL. {@code json} is what PostgreSQL prints for a jsonb value. */
    public static Map<String, String> attributesOf(String json) {
        Map<String, String> attributes = new LinkedHashMap<>();
        JsonText.members(json).forEach((name, value) -> {
            String text = JsonText.unquoted(value);
            if (text != null) {
                attributes.put(name, text);
            }
        });
        return attributes;
    }
}
