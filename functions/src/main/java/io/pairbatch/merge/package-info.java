/// The job's files, combined from those of its segments, and `summary.json`, the commit mark.
@NullMarked
package io.pairbatch.merge;

import org.jspecify.annotations.NullMarked;
