package dev.warung.capture.copy;

import dev.warung.core.schema.TableSchema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a generation copy, read with SQL between two writes to {@code warung.watermark}.
 *
 * @param id the value that both watermarks of this chunk carry
 * @param schema what the rows were read under; its generation is the one that is copied
 * @param rows canonical texts in the order of {@link TableSchema#copiedColumns()}
 * @param last whether the generation is complete with this chunk
 */
public record Chunk(UUID id, TableSchema schema, List<@Nullable String[]> rows, boolean last) {}
