/// Time as a dependency: how it passes, and when a function's time is over.
@NullMarked
package io.pairbatch.time;

import org.jspecify.annotations.NullMarked;
