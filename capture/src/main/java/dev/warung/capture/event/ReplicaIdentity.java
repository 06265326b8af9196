package dev.warung.capture.event;

/** What of an old row stands in PostgreSQL's log. */
public enum ReplicaIdentity {
    /** The primary key. */
    DEFAULT('d'),
    /** The whole row. */
    FULL('f'),
    /** The columns of one index, which need not be the key. */
    USING_INDEX('i'),
    NOTHING('n');

    private final char letter;

    ReplicaIdentity(char letter) {
        this.letter = letter;
    }

    /**
     * By its letter in {@code pg_class.relreplident} and in pgoutput.
     *
     * @throws IllegalArgumentException if PostgreSQL has no such one
     */
    public static ReplicaIdentity of(char letter) {
        for (ReplicaIdentity identity : values()) {
            if (identity.letter == letter) {
                return identity;
            }
        }
        throw new IllegalArgumentException("no replica identity '" + letter + "'");
    }

    /** As SQL has it. */
    public String text() {
        return name().replace('_', ' ');
    }
}
