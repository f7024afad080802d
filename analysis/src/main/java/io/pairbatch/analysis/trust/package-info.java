/// Whether the judges can be believed: consistency, position, agreement, reliability.
@NullMarked
package io.pairbatch.analysis.trust;

import org.jspecify.annotations.NullMarked;
