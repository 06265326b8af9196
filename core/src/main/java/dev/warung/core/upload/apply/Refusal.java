package dev.warung.core.upload.apply;

/**
 * Why an op cannot be applied, however often it is tried.
 *
 * @param code one word for programs
 * @param reason a sentence for a shopkeeper
 * @param detail what the machine said, for whoever looks for the cause; may be empty
 */
public record Refusal(String code, String reason, String detail) {

    public static Refusal of(String code, String reason) {
        return new Refusal(code, reason, "");
    }
}
