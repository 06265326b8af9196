package dev.warung.core.where.tree;

/** Who knows what the sub-selects of a clause give. */
@FunctionalInterface
public interface InnerSets {

    /** For clauses without a sub-select. */
    InnerSets NONE = select -> {
        throw new IllegalStateException("this clause reads " + select.table().id() + " too: pass its rows");
    };

    InnerSet of(SubSelect select);
}
