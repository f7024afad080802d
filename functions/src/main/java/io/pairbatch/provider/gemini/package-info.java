/// Gemini (the Developer API): what is sent, what comes back, and the calls between.
@NullMarked
package io.pairbatch.provider.gemini;

import org.jspecify.annotations.NullMarked;
