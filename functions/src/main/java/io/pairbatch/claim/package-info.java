/// From an event in the inbox to a claimed job with a frozen specification.
@NullMarked
package io.pairbatch.claim;

import org.jspecify.annotations.NullMarked;
