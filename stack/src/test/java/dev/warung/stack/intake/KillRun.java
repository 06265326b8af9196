package dev.warung.stack.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warung.testkit.pipeline.Link;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outlets sell all the time while their links come and go, and outlets, intake, broker, PostgreSQL, capture and replicator are killed with
 * {@code kill -9} at random moments. In the end nothing is lost and nothing is there twice (I6), and all agree (I7).
 */
final class KillRun {

    /** The first ones of {@link Branches}. */
    static final int OUTLETS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(KillRun.class);
    private static final int PAUSE_MS = 200;
    /** A short run has seen these. */
    private static final List<Victim> FIRST = List.of(Victim.OUTLET, Victim.INTAKE, Victim.POSTGRES, Victim.BROKER);

    private final Branches branches;
    private final long seed;
    private final Random random;
    private final List<Cashier> cashiers = new ArrayList<>();
    private final Map<String, Integer> kills = new TreeMap<>();
    /** Who is dead, and how to bring them back. */
    private final Map<String, Runnable> dead = new TreeMap<>();

    KillRun(Branches branches, long seed) {
        this.branches = branches;
        this.seed = seed;
        this.random = new Random(seed);
    }

    void run(int count) throws SQLException {
        LOG.info("replay: -Dit.test=OutletWritesIT -Dseed={} -Doutlet.kills={}", seed, count);
        try (HeadOffice ignored = HeadOffice.start(branches.pipeline(), seed)) {
            for (int i = 0; i < OUTLETS; i++) {
                Cashier.Place place = new Cashier.Place(
                        branches.code(i), branches.branch(i), branches.outlet(i).file(), PAUSE_MS);
                cashiers.add(Cashier.start(place, seed * 31 + i));
            }
            for (int i = 0; i < count; i++) {
                disturbLinks();
                kill(i);
                LOG.info("seed {}, {} of {}: {}, {}", seed, i + 1, count, kills, links());
            }
        } finally {
            cashiers.forEach(Cashier::close);
        }
        revive("");
        for (int i = 0; i < OUTLETS; i++) {
            branches.link(i).become(Link.State.WELL);
        }
        check(new WriteAudit(branches.pipeline(), cashiers));
    }

    private void check(WriteAudit audit) throws SQLException {
        List<String> rest = new ArrayList<>();
        try {
            await().atMost(Branches.PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        rest.clear();
                        for (Cashier cashier : cashiers) {
                            rest.add(WriteAudit.open(cashier.file()));
                            rest.add(audit.difference(cashier));
                        }
                        rest.removeIf(String::isEmpty);
                        return rest.isEmpty();
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "seed " + seed + ", " + kills + ":\n" + String.join("\n", rest) + "\n" + audit.problems() + "\n"
                            + branches.tails(),
                    e);
        }
        assertThat(audit.problems())
                .as("seed %s, %s\n%s", seed, kills, branches.tails())
                .isEmpty();
        LOG.info("seed {}: {}", seed, audit.report(kills));
    }

    private void disturbLinks() {
        for (int i = 0; i < OUTLETS; i++) {
            Link.State[] states = Link.State.values();
            if (random.nextInt(3) == 0) {
                branches.link(i).become(states[random.nextInt(states.length)]);
            }
        }
    }

    private String links() {
        List<String> states = new ArrayList<>();
        for (int i = 0; i < OUTLETS; i++) {
            states.add(branches.link(i).state().name().substring(0, 1));
        }
        return "links " + String.join("", states);
    }

    /** Kills somebody, and brings them back now, or only after the next kill. */
    private void kill(int round) {
        pause(200 + random.nextInt(2500));
        Victim victim =
                round < FIRST.size() ? FIRST.get(round) : Victim.values()[random.nextInt(Victim.values().length)];
        int which = random.nextInt(victim == Victim.OUTLET ? OUTLETS : branches.intakes());
        boolean isLong = random.nextInt(3) == 0;
        int away = random.nextInt(1200);
        String name = victim.nameOf(which);
        revive(name);
        victim.kill(branches, which);
        kills.merge(name, 1, Integer::sum);
        pause(away);
        revive("");
        dead.put(name, () -> victim.revive(branches, which));
        if (!isLong) {
            revive(name);
        }
    }

    /** @param name empty for all */
    private void revive(String name) {
        for (String each : List.copyOf(dead.keySet())) {
            if (name.isEmpty() || each.equals(name)) {
                Objects.requireNonNull(dead.remove(each)).run();
            }
        }
    }

    /** Lets the outlets work for a while: the moment of the kill is random by intent, nothing waits for a state here. */
    private static void pause(long ms) {
        await().pollDelay(Duration.ofMillis(ms))
                .atMost(Duration.ofMillis(ms + 5000))
                .until(() -> true);
    }

    private enum Victim {
        OUTLET {
            @Override
            void kill(Branches branches, int which) {
                branches.outlet(which).role().process().kill();
            }

            @Override
            void revive(Branches branches, int which) {
                branches.startOutlet(which);
            }
        },
        INTAKE {
            @Override
            void kill(Branches branches, int which) {
                branches.intake(which).process().kill();
            }

            @Override
            void revive(Branches branches, int which) {
                branches.startIntake(which);
            }
        },
        POSTGRES {
            @Override
            void kill(Branches branches, int which) {
                branches.pipeline().postgres().kill();
            }

            @Override
            void revive(Branches branches, int which) {
                branches.pipeline().postgres().start();
            }
        },
        BROKER {
            @Override
            void kill(Branches branches, int which) {
                branches.pipeline().kafka().kill();
            }

            @Override
            void revive(Branches branches, int which) {
                branches.pipeline().kafka().start();
            }
        },
        CAPTURE {
            @Override
            void kill(Branches branches, int which) {
                branches.pipeline().capture().process().kill();
            }

            @Override
            void revive(Branches branches, int which) {
                branches.startCapture();
            }
        },
        REPLICATOR {
            @Override
            void kill(Branches branches, int which) {
                branches.pipeline().replicator().process().kill();
            }

            @Override
            void revive(Branches branches, int which) {
                branches.startReplicator();
            }
        };

        String nameOf(int which) {
            return switch (this) {
                case OUTLET -> "toko-" + (which + 1);
                case INTAKE -> "intake-" + (which + 1);
                default -> name().toLowerCase(Locale.ROOT);
            };
        }

        abstract void kill(Branches branches, int which);

        abstract void revive(Branches branches, int which);
    }
}
