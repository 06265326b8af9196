package dev.warung.stack.cli;

import dev.warung.core.shape.Enrolment;
import dev.warung.core.shape.Outlet;
import dev.warung.core.wire.EnrolmentCodec;
import dev.warung.replicator.outlets.OutletAccess;
import dev.warung.stack.pipeline.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the enrolment of an outlet is written, and what stands in it. */
final class EnrolmentFile {
    private static final String OWNER_ONLY = "rw-------";
    private static final int PASSWORD_BYTES = 24;

    @Option(
            names = "--enrolment",
            paramLabel = "FILE",
            description = "where the enrolment is written; else it is printed")
    private @Nullable Path file;

    @Option(
            names = "--outlet-kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka's brokers as the outlet reaches them (default those of this command)")
    private @Nullable String outletKafka;

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description = "properties of the outlet's Kafka clients, such as security; they stand in the enrolment")
    private @Nullable Path credentials;

    @Option(
            names = "--kafka-user",
            description =
                    "makes a Kafka user that may read the outlet's topics only; needs brokers with SCRAM-SHA-512 and an"
                            + " authorizer, and a replicator with --outlet-users")
    private boolean isUser;

    void write(FleetTarget target, Outlet outlet, PrintWriter out) {
        String kafka = outletKafka == null ? target.brokers() : outletKafka;
        Map<String, String> properties =
                new TreeMap<>(credentials == null ? Map.of() : FleetTarget.properties(credentials, "--credentials"));
        if (isUser) {
            properties.putAll(makeUser(target, outlet.code()));
        }
        String text = EnrolmentCodec.encode(new Enrolment(
                kafka, target.topics().prefix(), UUID.fromString(outlet.id()), outlet.code(), properties));
        Path place = file;
        if (place == null) {
            out.print(text);
        } else {
            write(place, text);
            out.println("enrolment of " + outlet.code() + " is in " + place
                    + "; start it there with: warung outlet --enrol " + place.getFileName());
        }
        out.flush();
    }

    /** With a new password, so an enrolment that was handed out before is void. */
    private static Map<String, String> makeUser(FleetTarget target, String code) {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        try (Admin admin = Admin.create(target.kafkaClient())) {
            OutletAccess access = new OutletAccess(admin, target.topics());
            access.setPassword(code, password);
            access.allowOwn(code);
            return OutletAccess.clientProperties(access.user(code), password);
        }
    }

    /**
     * Readable for the owner only, from the first moment: it may hold a password. In the place of an older file in one step, since an
     * outlet that starts may read it just now.
     */
    private static void write(Path place, String text) {
        try {
            if (Files.exists(place) && !Files.isRegularFile(place)) {
                Files.writeString(place, text);
                return;
            }
            Path target = Files.exists(place) ? place.toRealPath() : place.toAbsolutePath();
            Path beside = target.resolveSibling(target.getFileName() + ".new");
            Files.deleteIfExists(beside);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            }
            Files.writeString(beside, text);
            Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StackException("The enrolment cannot be written to " + place + ": " + e.getMessage(), e);
        }
    }
}
