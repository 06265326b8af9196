package dev.warung.stack.cli;

import dev.warung.core.runtime.Setting;
import java.util.List;

/** Settings as text, for {@code --help} and {@code docs/configuration.md}. */
final class SettingText {
    private SettingText() {}

    /** What a value looks like and what it is when nobody sets it. */
    static String form(Setting<?> setting) {
        String fallback = setting.fallback();
        if (fallback == null) {
            return setting.form() + "; must be set";
        }
        return setting.form() + (fallback.isEmpty() ? "; not set by default" : "; default " + fallback);
    }

    /** The whole of {@code docs/configuration.md}. */
    static String document() {
        StringBuilder text = new StringBuilder();
        text.append("# Settings\n\n")
                .append("Made from the code; a test fails when it is not current"
                        + " (`-Dwarung.docs.write=true` writes it).\n\n")
                .append(
                        "A setting is a flag (`--name value`), else an environment variable (`WARUNG_NAME`), else a line of"
                                + " the file that\n`--config` or `WARUNG_CONFIG` names (`name=value`). All problems are reported"
                                + " together at the start. Secrets are never\nprinted, and may also be given as the path of a file"
                                + " that holds them (`--name-file`, `WARUNG_NAME_FILE`).\n");
        for (Role role : Role.values()) {
            text.append("\n## warung ").append(role.command()).append("\n\n");
            table(text, role.settings());
        }
        return text.toString();
    }

    private static void table(StringBuilder text, List<Setting<?>> settings) {
        text.append("| flag | environment | value | default | what it does |\n|---|---|---|---|---|\n");
        for (Setting<?> setting : settings) {
            String fallback = setting.fallback();
            text.append("| `").append(setting.flagName()).append("` | `").append(setting.environmentName());
            text.append("` | ").append(cell(setting.form())).append(" | ");
            text.append(fallback == null ? "must be set" : fallback.isEmpty() ? "" : "`" + cell(fallback) + "`");
            text.append(" | ").append(cell(setting.doc())).append(" |\n");
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
