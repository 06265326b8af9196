package dev.warung.stack.pipeline;

import dev.warung.testkit.fleet.FleetOutlet;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What is behind the outlets of a run: readers of topics, or real outlets. */
interface FleetDevices extends AutoCloseable {

    /** @param id of its row in {@code warung.outlets} */
    void add(FleetOutlet outlet, String id) throws Exception;

    /** The device is gone; its file too. */
    void remove(String code) throws Exception;

    /** Does something to one of the devices; says what. */
    String disturb(Random random, List<FleetOutlet> outlets) throws Exception;

    /** The outlet's file, as fresh as can be. */
    Path file(String code) throws Exception;

    /** What was seen that may never be. */
    List<String> problems();

    /** For messages: what the device says of itself. */
    String tail(String code);

    @Override
    void close();
}
