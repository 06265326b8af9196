package dev.warung.core.where;

import java.util.List;
import java.util.Optional;

/**
 * A clause taken apart: it takes a row if all keys agree and the residual does too.
 *
 * @param residual what is left; empty if nothing is
 */
public record Routing(List<KeyPart> keys, Optional<WhereClause> residual) {
    public Routing {
        keys = List.copyOf(keys);
    }
}
