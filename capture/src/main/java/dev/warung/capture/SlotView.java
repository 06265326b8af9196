package dev.warung.capture;

import dev.warung.core.change.Lsn;

/**
 * Where the slot stands.
 *
 * @param confirmed what PostgreSQL was told is safe
 * @param retainedWalBytes log that PostgreSQL keeps for the slot
 * @param walEnd where PostgreSQL writes now
 */
record SlotView(Lsn confirmed, long retainedWalBytes, Lsn walEnd, String status) {}
