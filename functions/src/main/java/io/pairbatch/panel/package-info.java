/// A job of several judges: each has a job of its own, which goes its own way, so that what holds one judge up holds up
/// no other; and what they have judged becomes one set of result files.
@NullMarked
package io.pairbatch.panel;

import org.jspecify.annotations.NullMarked;
