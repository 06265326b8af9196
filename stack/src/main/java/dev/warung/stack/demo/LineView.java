package dev.warung.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warung.stack.pipeline.VerifyText;
import java.io.PrintStream;

/** One line a second, for files and pipes. */
final class LineView implements DemoView {
    private final PrintStream out;

    LineView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void note(String text) {
        out.println(text);
    }

    @Override
    public void sample(Sample now, Sample before) {
        out.println(Texts.clock(now.seconds()) + "  shops " + now.transactionsPerSecond(before) + " tx/s | capture "
                + Texts.capture(now, before) + " | replicator " + Texts.replicator(now, before)
                + " | commit to SQLite " + Texts.latency(now) + " | rows " + Texts.rows(now.tables()));
        Texts.troubles(now).forEach(line -> out.println("       " + line));
    }

    @Override
    public void verification(JsonNode event) {
        VerifyText.line(event).ifPresent(this::note);
    }

    @Override
    public void outlets(OutletReport report) {
        out.println();
        report.text().forEach(out::println);
    }

    @Override
    public void result(boolean identical, Sample last, String text) {
        out.println();
        Texts.tables(last.tables()).forEach(out::println);
        out.println();
        out.println(text);
    }
}
