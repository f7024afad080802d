/// The table of pairs: reading it row by row from CSV or JSONL, and the rows that are refused. Uses `job`.
@NullMarked
package io.pairbatch.pairs;

import org.jspecify.annotations.NullMarked;
