/** The whole pipeline on one machine: servers and roles as child processes, and how to ask them. */
@NullMarked
package dev.warung.stack.pipeline;

import org.jspecify.annotations.NullMarked;
