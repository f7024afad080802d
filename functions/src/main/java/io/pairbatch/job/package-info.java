/// A job: its id, its files, what was frozen of it.
@NullMarked
package io.pairbatch.job;

import org.jspecify.annotations.NullMarked;
