/// OpenAI: what is sent, what comes back, and the calls between. Uses `provider`, `job`.
@NullMarked
package io.pairbatch.provider.openai;

import org.jspecify.annotations.NullMarked;
