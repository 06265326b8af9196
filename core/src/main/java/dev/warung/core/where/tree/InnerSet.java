package dev.warung.core.where.tree;

/** The values that a {@link SubSelect} gives at the moment. */
public interface InnerSet {

    /** Whether it gives no row at all. */
    boolean isEmpty();

    /** Whether one of its values is NULL. */
    boolean holdsNull();

    /** Whether a value is in it; {@code key} is made as {@link SubSelect#key} makes it. */
    boolean contains(String key);
}
