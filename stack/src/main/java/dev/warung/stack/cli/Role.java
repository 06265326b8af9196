package dev.warung.stack.cli;

import dev.warung.capture.CaptureMain;
import dev.warung.capture.CaptureSettings;
import dev.warung.core.runtime.Setting;
import dev.warung.intake.IntakeMain;
import dev.warung.intake.IntakeSettings;
import dev.warung.outlet.OutletMain;
import dev.warung.outlet.OutletSettings;
import dev.warung.replicator.ReplicatorMain;
import dev.warung.replicator.ReplicatorSettings;
import dev.warung.stack.retail.WorkloadMain;
import dev.warung.stack.retail.WorkloadSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/** A role that runs in this process, with its settings; the shops are one too. */
enum Role {
    CAPTURE("capture", CaptureMain::main, CaptureSettings.ALL),
    REPLICATOR("replicator", ReplicatorMain::main, ReplicatorSettings.ALL),
    INTAKE("intake", IntakeMain::main, IntakeSettings.ALL),
    OUTLET("outlet", OutletMain::main, OutletSettings.ALL),
    WORKLOAD("workload", WorkloadMain::main, WorkloadSettings.ALL);

    private final String command;
    private final Consumer<String[]> main;
    private final List<Setting<?>> settings;

    Role(String command, Consumer<String[]> main, List<Setting<?>> settings) {
        this.command = command;
        this.main = main;
        this.settings = settings;
    }

    String command() {
        return command;
    }

    List<Setting<?>> settings() {
        return settings;
    }

    /** Ends the JVM with the role's exit code, unless only help was asked for. */
    int run(boolean help, List<String> arguments) {
        if (help) {
            printHelp(System.out);
            return 0;
        }
        // Before the first logger is made, so no class of settings may have one: a role tells what it does, the other
        // commands keep their output for people.
        System.setProperty("warung.log.level", System.getProperty("warung.log.level", "INFO"));
        main.accept(arguments.toArray(new String[0]));
        return 0;
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
