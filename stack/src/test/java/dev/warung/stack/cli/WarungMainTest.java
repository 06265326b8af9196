package dev.warung.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class WarungMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"demo", "up", "capture", "replicator", "outlet", "status", "verify", "workload"})
    void everyCommandExplainsItself(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "latency", "snapshot", "soak"})
    void everyBenchmarkExplainsItself(String benchmark) {
        assertThat(run("bench", benchmark, "--help")).isZero();
        assertThat(out.toString()).contains("warung bench " + benchmark, "--data", "--json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shapes apply",
                "shapes check",
                "shapes list",
                "shapes explain",
                "outlets add",
                "outlets list",
                "outlets show",
                "outlets set",
                "outlets enrol",
                "outlets disable",
                "outlets enable",
                "outlets resync",
                "outlets remove"
            })
    void everyFleetCommandExplainsItself(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString()).contains("warung " + command, "--postgres", "--data");
    }

    @Test
    void durationThatIsNoneIsRefusedWithAnExample() {
        assertThat(run("demo", "--for", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("--for").contains("30s");
    }

    @Test
    void statusWithoutAPipelineSaysHowToStartOne(@TempDir Path directory) {
        assertThat(run("status", "--data", directory.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("warung demo").contains("--replicator-url");
    }

    @Test
    void verifyWithoutAPipelineCouldNotVerify(@TempDir Path directory) {
        assertThat(run("verify", "--data", directory.toString())).isEqualTo(2);
    }

    @Test
    void addressOfPostgresIsCheckedBeforeAnythingStarts(@TempDir Path directory) {
        assertThat(run("up", "--postgres", "db.example:5432", "--data", directory.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("postgresql://");
        assertThat(directory).isEmptyDirectory();
    }

    private int run(String... arguments) {
        CommandLine line = WarungMain.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
