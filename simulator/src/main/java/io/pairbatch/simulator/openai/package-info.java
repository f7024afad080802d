/// OpenAI's API, and Azure's version of it: files, batches and live requests, with the models' rules and the errors.
@NullMarked
package io.pairbatch.simulator.openai;

import org.jspecify.annotations.NullMarked;
