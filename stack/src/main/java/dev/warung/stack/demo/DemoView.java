package dev.warung.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** Where the demo shows itself. */
interface DemoView {
    /** One line about a step. */
    void note(String text);

    void sample(Sample now, Sample before);

    /** An event of the verification at the end. */
    void verification(JsonNode event);

    /** What has become of the outlets' writes. */
    void outlets(OutletReport report);

    void result(boolean identical, Sample last, String text);
}
