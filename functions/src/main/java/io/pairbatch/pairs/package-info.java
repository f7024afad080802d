/// The table of pairs: reading it row by row from CSV or JSONL, and the rows that are refused.
@NullMarked
package io.pairbatch.pairs;

import org.jspecify.annotations.NullMarked;
