@NullMarked
package dev.warung.core.upload.apply;

import org.jspecify.annotations.NullMarked;
