package dev.warung.core.runtime;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The values of a role's settings, from flags, else the environment, else a file ({@code --config} or {@code WARUNG_CONFIG}), else
 * their defaults.
 *
 * <p>A secret may also be given as {@code name-file}: the path of a file that holds it. All problems are reported together.
 */
public final class Settings {

    private static final String CONFIG = "config";
    private static final String FILE_SUFFIX = "-file";
    private static final String REDACTED = "******";

    private final Map<Setting<?>, @Nullable Object> values;

    private Settings(Map<Setting<?>, @Nullable Object> values) {
        this.values = values;
    }

    /**
     * Reads the settings.
     *
     * @param arguments flags as {@code --name value}, {@code --name=value} or {@code --name} for true
     * @throws PipelineException SETTINGS_INVALID, with every problem in its message
     */
    public static Settings read(List<Setting<?>> known, List<String> arguments, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        Map<String, String> flags = flags(arguments, problems);
        Map<String, String> file = file(flags, environment, problems);
        Map<Setting<?>, @Nullable Object> values = new LinkedHashMap<>();
        for (Setting<?> setting : known) {
            values.put(setting, resolve(setting, flags, environment, file, problems));
            if (setting.secret()) {
                flags.remove(setting.name() + FILE_SUFFIX);
                file.remove(setting.name() + FILE_SUFFIX);
            }
            flags.remove(setting.name());
            file.remove(setting.name());
        }
        flags.remove(CONFIG);
        flags.keySet().forEach(name -> problems.add("unknown flag --" + name));
        file.keySet().forEach(name -> problems.add("unknown setting '" + name + "' in the file"));
        if (!problems.isEmpty()) {
            throw new PipelineException(ErrorCode.SETTINGS_INVALID, String.join("; ", problems) + ".");
        }
        return new Settings(values);
    }

    /** @throws IllegalArgumentException if the setting is not one of those read, or optional and not set */
    @SuppressWarnings("unchecked") // put by resolve() with the setting's own parser
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting);
        if (value == null) {
            throw new IllegalArgumentException("not a setting of this role: " + setting.name());
        }
        return (T) value;
    }

    /** For settings whose default is the empty text: empty means not set. */
    public Optional<String> optional(Setting<String> setting) {
        return Optional.of(get(setting)).filter(text -> !text.isEmpty());
    }

    /** Each setting with its value, secrets redacted, for the start of the log. */
    public Map<String, String> printable() {
        Map<String, String> printable = new LinkedHashMap<>();
        values.forEach((setting, value) -> printable.put(
                setting.name(), setting.secret() && !"".equals(value) ? REDACTED : String.valueOf(value)));
        return printable;
    }

    private static <T> @Nullable T resolve(
            Setting<T> setting,
            Map<String, String> flags,
            Map<String, String> environment,
            Map<String, String> file,
            List<String> problems) {
        String text = firstOf(setting.name(), setting.environmentName(), flags, environment, file);
        if (text == null && setting.secret()) {
            text = secretFromFile(setting, flags, environment, file, problems);
        }
        if (text == null) {
            text = setting.fallback();
        }
        if (text == null) {
            problems.add(setting.flagName() + " (or " + setting.environmentName() + ") is not set: " + setting.doc());
            return null;
        }
        try {
            return setting.parser().apply(text);
        } catch (RuntimeException e) {
            String shown = setting.secret() ? REDACTED : text;
            problems.add(setting.flagName() + " is '" + shown + "', but must be: " + setting.form());
            return null;
        }
    }

    private static @Nullable String firstOf(
            String name,
            String variable,
            Map<String, String> flags,
            Map<String, String> environment,
            Map<String, String> file) {
        String flag = flags.get(name);
        if (flag != null) {
            return flag;
        }
        String fromEnvironment = environment.get(variable);
        return fromEnvironment != null ? fromEnvironment : file.get(name);
    }

    private static @Nullable String secretFromFile(
            Setting<?> setting,
            Map<String, String> flags,
            Map<String, String> environment,
            Map<String, String> file,
            List<String> problems) {
        String path =
                firstOf(setting.name() + FILE_SUFFIX, setting.environmentName() + "_FILE", flags, environment, file);
        if (path == null) {
            return null;
        }
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            problems.add("the file of " + setting.flagName() + " cannot be read: " + path);
            return "";
        }
    }

    private static Map<String, String> flags(List<String> arguments, List<String> problems) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                problems.add("'" + argument + "' is not a flag");
                continue;
            }
            int equals = argument.indexOf('=');
            if (equals > 0) {
                flags.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                flags.put(argument.substring(2), arguments.get(++i));
            } else {
                flags.put(argument.substring(2), "true");
            }
        }
        return flags;
    }

    private static Map<String, String> file(
            Map<String, String> flags, Map<String, String> environment, List<String> problems) {
        Map<String, String> file = new LinkedHashMap<>();
        String path = firstOf(CONFIG, "WARUNG_CONFIG", flags, environment, Map.of());
        if (path != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(path))) {
                properties.load(reader);
            } catch (IOException e) {
                problems.add("the settings file cannot be read: " + path);
            }
            properties.stringPropertyNames().forEach(name -> file.put(name, properties.getProperty(name)));
        }
        return file;
    }
}
