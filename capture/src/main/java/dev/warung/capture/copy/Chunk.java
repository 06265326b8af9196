package dev.warung.capture.copy;

import dev.warung.core.schema.TableSchema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a generation copy, read with SQL beside the stream.
 *
 * @param id the value that the watermark after this chunk carries
 * @param schema what the rows were read under; its generation is the one that is copied
 * @param snapshot {@code pg_current_snapshot()::text} of the transaction that read the rows (REPEATABLE READ): which transactions they show
 * @param rows canonical texts in the order of {@link TableSchema#copiedColumns()}
 * @param last whether the generation is complete with this chunk
 */
public record Chunk(UUID id, TableSchema schema, String snapshot, List<@Nullable String[]> rows, boolean last) {}
