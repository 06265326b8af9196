package dev.warung.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** One block that is drawn again each second, for a terminal. */
final class BlockView implements DemoView {
    private static final String ERASE_LINE = "\u001b[2K";

    private static final int TROUBLE_LINES = 2;

    private final LineView lines;
    private final PrintStream out;
    private int drawn;

    BlockView(PrintStream out) {
        this.out = out;
        this.lines = new LineView(out);
    }

    @Override
    public void note(String text) {
        drawn = 0;
        lines.note(text);
    }

    @Override
    public void sample(Sample now, Sample before) {
        List<String> block = new ArrayList<>();
        block.add("");
        block.add(Texts.clock(now.seconds()) + "  shops       " + Texts.shops(now, before));
        block.add("       capture     " + Texts.capture(now, before));
        block.add("       replicator  " + Texts.replicator(now, before));
        block.add("       commit to SQLite  " + Texts.latency(now));
        List<String> troubles = Texts.troubles(now);
        for (int i = 0; i < TROUBLE_LINES; i++) {
            block.add(
                    i < troubles.size()
                            ? "       " + troubles.get(i).lines().findFirst().orElse("")
                            : "");
        }
        block.add("");
        Texts.tables(now.tables()).forEach(line -> block.add("       " + line));
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A");
        }
        block.forEach(line -> out.println(ERASE_LINE + line));
        out.flush();
        drawn = block.size();
    }

    @Override
    public void verification(JsonNode event) {
        drawn = 0;
        lines.verification(event);
    }

    @Override
    public void outlets(OutletReport report) {
        lines.outlets(report);
    }

    @Override
    public void result(boolean identical, Sample last, String text) {
        lines.result(identical, last, text);
    }
}
