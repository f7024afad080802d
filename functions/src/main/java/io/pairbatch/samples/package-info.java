/// Samples: their IDs in memory, their texts and other columns in a temporary file.
@NullMarked
package io.pairbatch.samples;

import org.jspecify.annotations.NullMarked;
