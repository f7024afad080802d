package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A validated job specification with all defaults filled in (contract 1.2 and 5.2; docs/JOB.md, *The job file*). Its
/// fields are declared in [JobFields].
///
/// @param run a number that distinguishes an intended repetition from the same job dropped again
/// @param judges who judges, if these are several; the provider, the prompt and the options are then those of the first
public record JobSpec(
        Backend backend,
        String model,
        Prompt prompt,
        Batching batching,
        Polling polling,
        Output output,
        ProviderOptions options,
        int run,
        List<Judge> judges) {

    public JobSpec {
        judges = List.copyOf(judges);
    }

    /// Whether a job of its own is made for each of several judges.
    public boolean isPanel() {
        return !judges.isEmpty();
    }

    /// The providers of its judges.
    public Set<Backend> backends() {
        Set<Backend> all = new TreeSet<>();
        judges.forEach(judge -> all.add(judge.backend(backend)));
        return judges.isEmpty() ? Set.of(backend) : all;
    }

    /// The same, for these judges.
    JobSpec judging(List<Judge> all) {
        return new JobSpec(backend, model, prompt, batching, polling, output, options, run, all);
    }

    /// The same, to be judged once more.
    public JobSpec withRun(int another) {
        return new JobSpec(backend, model, prompt, batching, polling, output, options, another, judges);
    }

    /// The same for a table of the pairs themselves.
    public JobSpec ofPairs() {
        return new JobSpec(backend, model, prompt, batching.ofPairs(), polling, output, options, run, judges);
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
        return new JobSpec(backend, model, prompt, batching, polling.withMaxCost(usd), output, options, run, judges);
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
                values.get(JobFields.RUN),
                values.get(JobFields.JUDGES));
    }
}
