/// Anthropic's API: message batches and live messages, with the models' rules and the errors.
@NullMarked
package io.pairbatch.simulator.anthropic;

import org.jspecify.annotations.NullMarked;
