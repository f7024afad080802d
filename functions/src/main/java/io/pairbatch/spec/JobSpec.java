package io.pairbatch.spec;

import io.pairbatch.backend.Backend;

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
