/// Judgements read from files, as counts: per judge and ordered pair of items.
@NullMarked
package io.pairbatch.analysis.counts;

import org.jspecify.annotations.NullMarked;
