/// Finds jobs whose execution has died, or which the registry has lost, and starts the next execution.
@NullMarked
package io.pairbatch.revive;

import org.jspecify.annotations.NullMarked;
