/// Finds jobs whose execution has died, or which the registry has lost, and starts the next execution; records what a
/// person decides about a segment.
@NullMarked
package io.pairbatch.revive;

import org.jspecify.annotations.NullMarked;
