package dev.warung.testkit.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Outlets with random attributes: each has its bank, and some of what shapes ask for. */
final class RandomOutlets {

    static final List<String> NAMES = List.of(
            "penyewa_id",
            "penyewa_lain",
            "wilayah_id",
            "wilayah_lain",
            "cabang_id",
            "cabang_lain",
            "nomor",
            "status",
            "pola",
            "batas",
            "sejak",
            "warna",
            "aktif");
    private static final List<String> PATTERNS = List.of("ka%", "%a%", "K%", "%\\_%", "toko", "%'%");
    private static final int ATTRIBUTES = 6;

    private final Random random;
    private final boolean keepsTenant;
    private final RandomCells cells;
    private int serial;

    /** @param keepsTenant whether an outlet belongs to one tenant for ever */
    RandomOutlets(Random random, boolean keepsTenant) {
        this.random = random;
        this.keepsTenant = keepsTenant;
        this.cells = new RandomCells(random);
    }

    FleetOutlet next() {
        serial++;
        return new FleetOutlet("toko-" + serial, attributes());
    }

    Map<String, String> attributes() {
        List<String> names = new ArrayList<>(NAMES.subList(1, NAMES.size()));
        Collections.shuffle(names, random);
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("penyewa_id", value("penyewa_id"));
        attributes.put("bank", value("bank"));
        names.subList(0, ATTRIBUTES).forEach(name -> attributes.put(name, value(name)));
        return attributes;
    }

    /** The same outlet after one of its attributes has come, gone or changed. */
    FleetOutlet changed(FleetOutlet outlet) {
        Map<String, String> attributes = new TreeMap<>(outlet.attributes());
        String name = RandomCells.pick(random, keepsTenant ? NAMES.subList(1, NAMES.size()) : NAMES);
        if (attributes.containsKey(name) && !name.equals("penyewa_id") && random.nextBoolean()) {
            attributes.remove(name);
        } else {
            attributes.put(name, value(name));
        }
        return new FleetOutlet(outlet.code(), attributes);
    }

    private String value(String name) {
        return switch (name) {
            case "penyewa_id", "penyewa_lain" -> cells.tenant();
            case "wilayah_id", "wilayah_lain" -> cells.region();
            case "cabang_id", "cabang_lain" -> cells.branch();
            case "nomor" -> cells.register();
            case "status" -> cells.state();
            case "pola" -> RandomCells.pick(random, PATTERNS);
            case "batas" -> cells.amount();
            case "sejak" -> cells.time();
            case "warna" -> cells.colour();
            case "aktif" -> RandomCells.pick(random, List.of("true", "f", "t"));
            default -> String.valueOf(1 + random.nextInt(Pairs.BANKS));
        };
    }
}
