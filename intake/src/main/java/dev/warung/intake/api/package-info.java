/** Intake's HTTP interface for programs: conflicts, and what people decide about them. */
@NullMarked
package dev.warung.intake.api;

import org.jspecify.annotations.NullMarked;
