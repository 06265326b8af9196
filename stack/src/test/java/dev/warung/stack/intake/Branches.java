package dev.warung.stack.intake;

import static org.awaitility.Awaitility.await;

import dev.warung.embedded.Ports;
import dev.warung.testkit.pipeline.Link;
import dev.warung.testkit.pipeline.OutletProcess;
import dev.warung.testkit.pipeline.PipelineOptions;
import dev.warung.testkit.pipeline.ProcessPipeline;
import dev.warung.testkit.pipeline.RoleProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The whole pipeline as processes, with outlets that each have a link of their own to the broker. */
final class Branches implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** So that what was away comes back soon. */
    private static final List<String> IMPATIENT = List.of("--retry-max", "2s");

    private final ProcessPipeline pipeline;
    private final List<Integer> branches;
    private final List<RoleProcess> intakes = new ArrayList<>();
    private final List<OutletProcess> outlets = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    private Branches(ProcessPipeline pipeline, List<Integer> branches) {
        this.pipeline = pipeline;
        this.branches = branches;
    }

    /**
     * Starts everything; returns when each outlet has its first rows.
     *
     * @param branches of each outlet
     */
    static Branches start(Path directory, List<Integer> branches) throws SQLException {
        List<Integer> behind = new ArrayList<>();
        List<Integer> before = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            behind.add(Ports.free());
            before.add(Ports.free());
        }
        PipelineOptions options =
                PipelineOptions.in(directory).withBrokerProperties(listeners(directory, behind, before));
        Branches started = new Branches(ProcessPipeline.start(options), branches);
        try {
            started.begin(directory, behind, before);
            return started;
        } catch (SQLException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** The broker tells each outlet the address of its own link. */
    private static Map<String, String> listeners(Path directory, List<Integer> behind, List<Integer> before) {
        int own = Ports.remembered(directory.resolve("kafka").resolve("port"));
        int controller = Ports.remembered(directory.resolve("kafka").resolve("controller-port"));
        StringBuilder listeners = new StringBuilder("PLAINTEXT://127.0.0.1:" + own);
        StringBuilder advertised = new StringBuilder(listeners);
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        listeners.append(",CONTROLLER://127.0.0.1:").append(controller);
        for (int i = 0; i < behind.size(); i++) {
            listeners.append(",TOKO" + i + "://127.0.0.1:").append(behind.get(i));
            advertised.append(",TOKO" + i + "://127.0.0.1:").append(before.get(i));
            protocols.append(",TOKO" + i + ":PLAINTEXT");
        }
        return Map.of(
                "listeners", listeners.toString(),
                "advertised.listeners", advertised.toString(),
                "listener.security.protocol.map", protocols.toString(),
                "num.network.threads", "1");
    }

    private void begin(Path directory, List<Integer> behind, List<Integer> before) throws SQLException {
        BranchTables.create(pipeline);
        startCapture();
        startReplicator();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        pipeline.query("select count(*) from warung.writes").equals("0"));
        BranchTables.declare(pipeline);
        for (int i = 0; i < behind.size(); i++) {
            links.add(Link.start(before.get(i), behind.get(i)));
            String id = BranchTables.addOutlet(pipeline, code(i), branch(i));
            outlets.add(pipeline.newOutlet(code(i), id, directory.resolve(code(i))));
            startOutlet(i);
        }
        for (int i = 0; i < 2; i++) {
            intakes.add(pipeline.newIntake("intake-" + (i + 1)));
            startIntake(i);
        }
        await().atMost(PATIENCE).until(() -> outlets.stream().allMatch(Branches::isComplete));
    }

    private static boolean isComplete(OutletProcess outlet) {
        return Files.exists(outlet.file())
                && outlet.role()
                        .status()
                        .map(status -> status.at("/complete").asBoolean()
                                && status.at("/shapes").size() == 3)
                        .orElse(false);
    }

    String code(int outlet) {
        return "toko-" + (outlet + 1);
    }

    int branch(int outlet) {
        return branches.get(outlet);
    }

    Device device(int outlet) {
        return new Device(outlets.get(outlet).file(), links.get(outlet));
    }

    ProcessPipeline pipeline() {
        return pipeline;
    }

    OutletProcess outlet(int number) {
        return outlets.get(number);
    }

    Link link(int number) {
        return links.get(number);
    }

    RoleProcess intake(int number) {
        return intakes.get(number);
    }

    int intakes() {
        return intakes.size();
    }

    void startCapture() {
        pipeline.capture().start(IMPATIENT, List.of());
    }

    void startReplicator() {
        pipeline.replicator().start(IMPATIENT, List.of());
    }

    void startIntake(int number) {
        intakes.get(number).start(IMPATIENT, List.of());
    }

    void startOutlet(int number) {
        List<String> arguments = new ArrayList<>(IMPATIENT);
        arguments.addAll(List.of("--kafka", "127.0.0.1:" + links.get(number).port()));
        outlets.get(number).role().start(arguments, List.of());
    }

    /** The ends of all logs, for messages. */
    String tails() {
        Map<String, String> tails = new TreeMap<>();
        List<RoleProcess> roles = new ArrayList<>(intakes);
        outlets.forEach(outlet -> roles.add(outlet.role()));
        roles.add(pipeline.capture());
        roles.add(pipeline.replicator());
        roles.forEach(role -> tails.put(role.name(), (role.isAlive() ? "" : "ENDED ") + role.tail()));
        return String.join(
                "\n\n",
                tails.entrySet().stream()
                        .map(t -> t.getKey() + ": " + t.getValue())
                        .toList());
    }

    @Override
    public void close() {
        // All has been seen by now: nobody needs to end in order.
        outlets.forEach(outlet -> outlet.role().process().kill());
        links.forEach(Link::close);
        intakes.forEach(intake -> intake.process().kill());
        pipeline.close();
    }
}
