package dev.warung.core.runtime;

import org.jspecify.annotations.Nullable;

/** A failure with a code, so that whoever catches it knows whether to retry, stop or set aside, and what to tell a person. */
public final class PipelineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** @param detail names the thing concerned: table, change id, offset, file */
    public PipelineException(ErrorCode code, String detail) {
        this(code, detail, null);
    }

    public PipelineException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code + ": " + detail + " Remedy: " + code.remedy(), cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
