/** The whole pipeline as processes that can be killed, stopped and started again, one by one. */
@NullMarked
package dev.warung.testkit.pipeline;

import org.jspecify.annotations.NullMarked;
