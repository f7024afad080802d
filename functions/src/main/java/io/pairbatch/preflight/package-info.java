/// The step between split and submit: one live request for the first pair, which shows before anything is uploaded that
/// key, model, options and tag work.
@NullMarked
package io.pairbatch.preflight;

import org.jspecify.annotations.NullMarked;
