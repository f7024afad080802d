package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import java.math.BigDecimal;
import java.util.Optional;

/// A validated job specification with all defaults filled in (contract 1.2 and 5.2; docs/JOB.md, *The job file*). Its
/// fields are declared in [JobFields].
///
/// @param run a number that distinguishes an intended repetition from the same job dropped again
public record JobSpec(
        Backend backend,
        String model,
        Prompt prompt,
        Batching batching,
        Polling polling,
        Output output,
        ProviderOptions options,
        int run) {

    /// The same, to be judged once more.
    public JobSpec withRun(int another) {
        return new JobSpec(backend, model, prompt, batching, polling, output, options, another);
    }

    /// The same for a table of the pairs themselves.
    public JobSpec ofPairs() {
        return new JobSpec(backend, model, prompt, batching.ofPairs(), polling, output, options, run);
    }

    /// Whether its first batches were made by somebody else: nothing of it is sent unasked.
    public boolean isRescued() {
        return !batching.adopted().isEmpty();
    }

    /// Whether the batches of an attempt were made by somebody else.
    public boolean isOthers(int attempt) {
        return isRescued() && attempt == 1;
    }

    /// Whether it is known what the pairs are asked. What was made by somebody else may be read without knowing that,
    /// but nothing can be sent again.
    public boolean isPromptKnown() {
        return !prompt.trait().description().isEmpty();
    }

    /// How often a pair is sent at most without a person asking for it.
    public int attemptsUnasked() {
        return isRescued() ? 1 : polling.maxAttempts();
    }

    /// The same, with another limit on its cost.
    public JobSpec withMaxCost(Optional<BigDecimal> usd) {
        return new JobSpec(backend, model, prompt, batching, polling.withMaxCost(usd), output, options, run);
    }

    static JobSpec of(FieldValues values, ProviderOptions options) {
        return new JobSpec(
                values.get(JobFields.BACKEND),
                values.get(JobFields.MODEL),
                Prompt.of(values),
                Batching.of(values),
                Polling.of(values),
                Output.of(values),
                options,
                values.get(JobFields.RUN));
    }
}
