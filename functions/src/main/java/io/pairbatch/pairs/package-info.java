/// The table of pairs: reads it row by row from CSV or JSONL, with the rows that are rejected.
@NullMarked
package io.pairbatch.pairs;

import org.jspecify.annotations.NullMarked;
