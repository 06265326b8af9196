package dev.warung.core.upload;

/** A row of {@code warung.writes}: how a table takes what outlets write. */
public record WriteDefinition(WritableTable table, WritePolicy policy) {}
