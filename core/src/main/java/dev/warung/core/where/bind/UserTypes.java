package dev.warung.core.where.bind;

import dev.warung.core.where.type.SqlType;
import java.util.Optional;

/**
 * The enums and domains of the database. A column of a type that is neither built in nor known here can only be tested for NULL.
 */
@FunctionalInterface
public interface UserTypes {

    UserTypes NONE = name -> Optional.empty();

    /**
     * An enum, or the type that a domain stands for.
     *
     * @param name as {@code format_type} prints it
     */
    Optional<SqlType> named(String name);
}
