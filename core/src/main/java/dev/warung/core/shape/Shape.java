package dev.warung.core.shape;

import dev.warung.core.change.TableId;
import java.util.List;

/**
 * What outlets hold, as somebody declared it: nothing of it is checked before {@link BoundShape#bind}.
 *
 * @param parameters names of the outlet's attributes that its clauses need; an outlet holds the shape if it has all of them
 * @param writable the tables of the shape that an outlet may write
 */
public record Shape(String name, List<String> parameters, List<ShapeTable> tables, List<TableId> writable) {
    public Shape {
        parameters = List.copyOf(parameters);
        tables = List.copyOf(tables);
        writable = List.copyOf(writable);
    }
}
