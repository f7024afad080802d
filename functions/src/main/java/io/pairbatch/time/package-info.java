/// Time as it is handed to whoever acts: how it passes, and when a function's is over.
@NullMarked
package io.pairbatch.time;

import org.jspecify.annotations.NullMarked;
