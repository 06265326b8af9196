package dev.warung.testkit.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where and how the processes of a pipeline run.
 *
 * @param directory for logs, and for whatever has no place of its own
 * @param postgres PostgreSQL's directory
 * @param backup the SQLite file
 * @param brokerProperties laid over Kafka's, such as {@code log.dirs}
 */
public record PipelineOptions(
        Path directory, Path postgres, Path backup, Map<String, String> brokerProperties, Roles roles) {

    private static final List<String> SMALL_JVM =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dwarung.log.level=INFO");

    /**
     * How the roles run.
     *
     * @param javaHome whose Java runs them and the broker
     * @param captureFlags of every capture that is started
     */
    public record Roles(Path javaHome, List<String> captureJvm, List<String> replicatorJvm, List<String> captureFlags) {

        public Roles {
            captureJvm = List.copyOf(captureJvm);
            replicatorJvm = List.copyOf(replicatorJvm);
            captureFlags = List.copyOf(captureFlags);
        }

        /** With small JVMs that start fast, for tests. */
        public static Roles small() {
            return new Roles(Path.of(System.getProperty("java.home")), small("384m"), small("256m"), List.of());
        }

        private static List<String> small(String heap) {
            return Stream.concat(Stream.of("-Xmx" + heap), SMALL_JVM.stream()).toList();
        }
    }

    public PipelineOptions {
        brokerProperties = Map.copyOf(brokerProperties);
    }

    /** Everything under one directory. */
    public static PipelineOptions in(Path directory) {
        return new PipelineOptions(
                directory, directory.resolve("postgres"), directory.resolve("backup.db"), Map.of(), Roles.small());
    }

    public PipelineOptions withBrokerProperties(Map<String, String> properties) {
        return new PipelineOptions(directory, postgres, backup, properties, roles);
    }

    public PipelineOptions withRoles(Roles newRoles) {
        return new PipelineOptions(directory, postgres, backup, brokerProperties, newRoles);
    }

    /** With other places for PostgreSQL's directory and the backup. */
    public PipelineOptions withPlaces(Path newPostgres, Path newBackup) {
        return new PipelineOptions(directory, newPostgres, newBackup, brokerProperties, roles);
    }
}
