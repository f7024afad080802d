/// Anthropic's Message Batches: what is sent, what comes back, and the calls between. Uses `provider`, `job`.
@NullMarked
package io.pairbatch.provider.anthropic;

import org.jspecify.annotations.NullMarked;
