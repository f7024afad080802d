/// The step between split and submit: one live request for the first pair, which shows that key, model, options and tag
/// do before anything is uploaded.
@NullMarked
package io.pairbatch.preflight;

import org.jspecify.annotations.NullMarked;
