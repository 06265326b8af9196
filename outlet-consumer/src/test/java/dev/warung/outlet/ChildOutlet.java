package dev.warung.outlet;

import dev.warung.core.shape.Enrolment;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.embedded.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The outlet as a process of its own, which can be halted at a fault point. */
final class ChildOutlet {

    private ChildOutlet() {}

    static JavaProcess start(String kafka, ShapeWriter writer, Path file, String... jvmOptions) {
        Path enrolment = file.resolveSibling("enrolment.json");
        try {
            Files.writeString(
                    enrolment,
                    EnrolmentCodec.encode(new Enrolment(
                            kafka, writer.topics().prefix(), ShapeWriter.OUTLET, ShapeWriter.CODE, Map.of())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> options =
                new ArrayList<>(List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss256k"));
        options.addAll(List.of(jvmOptions));
        return JavaProcess.start(JavaProcess.Spec.of("dev.warung.outlet.OutletMain", file.resolveSibling("outlet.log"))
                .withArgs(List.of("--enrol", enrolment.toString(), "--file", file.toString(), "--http", "127.0.0.1:0"))
                .withJvmOptions(options.toArray(String[]::new)));
    }
}
