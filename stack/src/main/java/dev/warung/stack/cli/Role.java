package dev.warung.stack.cli;

import dev.warung.core.runtime.Setting;
import dev.warung.stack.pipeline.Roles;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** A role that runs in this process, with its settings. */
enum Role {
    CAPTURE("capture", Roles.CAPTURE_MAIN, List.of()),
    REPLICATOR("replicator", Roles.REPLICATOR_MAIN, List.of());

    private final String command;
    private final String mainClass;
    private final List<Setting<?>> settings;

    Role(String command, String mainClass, List<Setting<?>> settings) {
        this.command = command;
        this.mainClass = mainClass;
        this.settings = settings;
    }

    String command() {
        return command;
    }

    List<Setting<?>> settings() {
        return settings;
    }

    int run(boolean help, List<String> arguments) throws Exception {
        if (help) {
            printHelp(System.out);
            return 0;
        }
        // Before the first logger is made: a role tells what it does, the other commands keep their output for people.
        System.setProperty("warung.log.level", System.getProperty("warung.log.level", "INFO"));
        try {
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object)
                    arguments.toArray(new String[0]));
            return 0;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void printHelp(PrintStream out) {
        out.println("Usage: warung " + command + " [--NAME VALUE]...");
        out.println();
        out.println(
                "Each setting is a flag, an environment variable, or a line NAME=VALUE of the file that --config names.");
        out.println();
        for (Setting<?> setting : settings) {
            out.println("  " + setting.flagName() + "   " + setting.environmentName());
            out.println("      " + setting.doc());
            out.println("      " + SettingText.form(setting));
        }
    }
}
