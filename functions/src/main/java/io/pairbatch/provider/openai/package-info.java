/// OpenAI: what is sent, what comes back, and the calls between.
@NullMarked
package io.pairbatch.provider.openai;

import org.jspecify.annotations.NullMarked;
