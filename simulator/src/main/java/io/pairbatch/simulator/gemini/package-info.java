/// Google's Gemini API: resumable uploads, batches and live requests, with the models' rules and the errors.
@NullMarked
package io.pairbatch.simulator.gemini;

import org.jspecify.annotations.NullMarked;
