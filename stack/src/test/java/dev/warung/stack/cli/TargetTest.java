package dev.warung.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warung.stack.pipeline.RoleClient;
import dev.warung.stack.pipeline.StackException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TargetTest {
    private static final Map<String, String> CONTAINER = Map.of(
            "WARUNG_CAPTURE_URL",
            "http://capture:8081",
            "WARUNG_REPLICATOR_URL",
            "http://replicator:8082",
            "WARUNG_INTAKE_URL",
            "http://intake:8084");

    @Test
    void environmentTellsAContainerWhereTheRolesAre() {
        Target target = target(CONTAINER);

        assertThat(target.capture()).map(RoleClient::url).contains("http://capture:8081");
        assertThat(target.replicator()).map(RoleClient::url).contains("http://replicator:8082");
        assertThat(target.intake()).map(RoleClient::url).contains("http://intake:8084");
    }

    @Test
    void urlGivenAsFlagIsTheOnlyOneAsked() {
        Target target = target(CONTAINER, "--replicator-url", "http://127.0.0.1:9");

        assertThat(target.capture()).isEmpty();
        assertThat(target.intake()).isEmpty();
        assertThat(target.replicator()).map(RoleClient::url).contains("http://127.0.0.1:9");
    }

    @Test
    void directoryGivenAsFlagComesBeforeTheEnvironment(@TempDir Path directory) {
        Target target = target(CONTAINER, "--data", directory.toString());

        assertThatThrownBy(target::replicator)
                .isInstanceOf(StackException.class)
                .hasMessageContaining(directory.toString());
    }

    private static Target target(Map<String, String> environment, String... arguments) {
        return CommandLine.populateCommand(new Target(environment), arguments);
    }
}
