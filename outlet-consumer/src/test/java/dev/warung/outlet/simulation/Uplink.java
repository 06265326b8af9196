package dev.warung.outlet.simulation;

import dev.warung.outlet.link.SimulatedSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** What an outlet has sent and Kafka has not answered: it arrives, once or twice, now or much later, or never. */
final class Uplink {

    private static final int TENTHS = 10;

    private final UploadLog uploads;
    private final Time time;
    private final Random random;
    private final Deque<byte[]> inFlight = new ArrayDeque<>();
    private final List<byte[]> stragglers = new ArrayList<>();

    Uplink(UploadLog uploads, Time time, Random random) {
        this.uploads = uploads;
        this.time = time;
        this.random = random;
    }

    void send(byte[] upload) {
        inFlight.add(upload);
    }

    boolean isInFlight() {
        return !inFlight.isEmpty();
    }

    boolean isQuiet() {
        return inFlight.isEmpty() && stragglers.isEmpty();
    }

    /** The oldest upload gets somewhere or not, and the outlet hears of that or not. */
    void move(SimulatedSession sender) {
        byte[] upload = inFlight.remove();
        switch (random.nextInt(TENTHS)) {
            case 0 -> sender.fail();
            case 1 -> {
                arrives(upload);
                sender.fail();
            }
            case 2 -> {
                stragglers.add(upload);
                sender.fail();
            }
            case 3 -> {
                arrives(upload);
                arrives(upload);
                sender.acknowledge();
            }
            default -> {
                arrives(upload);
                sender.acknowledge();
            }
        }
    }

    /** One that its sender has given up arrives after all. */
    void straggle() {
        if (!stragglers.isEmpty()) {
            arrives(stragglers.remove(random.nextInt(stragglers.size())));
        }
    }

    /** The sender has died. */
    void orphan() {
        for (byte[] upload : inFlight) {
            switch (random.nextInt(3)) {
                case 0 -> arrives(upload);
                case 1 -> stragglers.add(upload);
                default -> {
                    // Lost.
                }
            }
        }
        inFlight.clear();
    }

    void deliver(SimulatedSession sender) {
        while (!inFlight.isEmpty()) {
            arrives(inFlight.remove());
            sender.acknowledge();
        }
    }

    void deliverStragglers() {
        stragglers.forEach(this::arrives);
        stragglers.clear();
    }

    @Override
    public String toString() {
        return inFlight.size() + " uploads in flight, " + stragglers.size() + " given up";
    }

    private void arrives(byte[] upload) {
        uploads.add(upload, time.nowUs());
    }
}
