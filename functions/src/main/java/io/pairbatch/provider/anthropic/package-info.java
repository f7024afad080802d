/// Anthropic's Message Batches: what is sent, what comes back, and the calls between.
@NullMarked
package io.pairbatch.provider.anthropic;

import org.jspecify.annotations.NullMarked;
