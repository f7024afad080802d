/// What unit tests share: a job whose registry, files, provider and time are in memory.
@NullMarked
package io.pairbatch.testing;

import org.jspecify.annotations.NullMarked;
