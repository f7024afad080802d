/// A job: its ID, its files, and its frozen specification.
@NullMarked
package io.pairbatch.job;

import org.jspecify.annotations.NullMarked;
