package dev.warung.stack.pipeline;

import dev.warung.core.wire.Topics;
import dev.warung.testkit.fleet.FleetOutlet;
import dev.warung.testkit.fleet.TopicOutlet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Outlets that are nothing but readers: they tell whether the router is right. */
final class TopicDevices implements FleetDevices {

    private final Pipeline pipeline;
    private final Path directory;
    private final Topics topics = new Topics(Pipeline.PREFIX);
    private final Map<String, TopicOutlet> outlets = new TreeMap<>();

    TopicDevices(Pipeline pipeline, Path directory) {
        this.pipeline = pipeline;
        this.directory = directory;
    }

    @Override
    public void add(FleetOutlet outlet, String id) {
        outlets.put(outlet.code(), open(outlet.code()));
    }

    private TopicOutlet open(String code) {
        return new TopicOutlet(pipeline.kafka().bootstrapServers(), topics, code);
    }

    @Override
    public void remove(String code) {
        outlets.remove(code).close();
    }

    /** A reader forgets everything and begins at the topics' beginnings. */
    @Override
    public String disturb(Random random, List<FleetOutlet> all) {
        String code = all.get(random.nextInt(all.size())).code();
        remove(code);
        outlets.put(code, open(code));
        return "reader of " + code + " begins anew";
    }

    @Override
    public Path file(String code) throws Exception {
        TopicOutlet outlet = outlets.get(code);
        Path file = directory.resolve(code + ".db");
        outlet.read();
        outlet.write(file);
        return file;
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        outlets.values().forEach(outlet -> problems.addAll(outlet.problems()));
        return problems;
    }

    @Override
    public String tail(String code) {
        return "the private topic says " + outlets.get(code).outlet();
    }

    @Override
    public void close() {
        outlets.values().forEach(TopicOutlet::close);
    }
}
