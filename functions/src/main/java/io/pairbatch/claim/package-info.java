/// From an event in the inbox to a claimed job with a frozen specification. Uses `step`, `registry`, `store`, `job`.
@NullMarked
package io.pairbatch.claim;

import org.jspecify.annotations.NullMarked;
