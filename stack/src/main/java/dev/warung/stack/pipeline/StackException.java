package dev.warung.stack.pipeline;

/** The pipeline cannot be started or goes on no more; the message says what to do and is all that a person needs to see. */
public final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StackException(String message) {
        super(message);
    }

    public StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
