package io.pairbatch.chaos.provider;

import io.pairbatch.chaos.provider.Batch.Problem;
import io.pairbatch.chaos.provider.Judge.Verdict;
import org.jspecify.annotations.Nullable;

/// One request of a batch.
public final class Item {

    private final String customId;
    private final long digest;
    private final String model;
    private final String prompt;
    private final @Nullable Problem problem;
    private @Nullable Verdict verdict;

    /// @param digest of its bytes
    /// @param prompt all text that the model reads
    /// @param problem the provider's error in place of an answer; null if the request is valid
    Item(String customId, long digest, String model, String prompt, @Nullable Problem problem) {
        this.customId = customId;
        this.digest = digest;
        this.model = model;
        this.prompt = prompt;
        this.problem = problem;
    }

    public String customId() {
        return customId;
    }

    /// A number derived from the request's bytes.
    public long digest() {
        return digest;
    }

    /// Which attempt at its pair the request is, according to its ID.
    public int attempt() {
        int mark = customId.lastIndexOf("-r");
        return mark < 0 ? 1 : Integer.parseInt(customId.substring(mark + 2));
    }

    public String model() {
        return model;
    }

    public String prompt() {
        return prompt;
    }

    @Nullable
    Problem problem() {
        return problem;
    }

    /// The judge's decision about it.
    public Verdict verdict(Judge judge) {
        if (verdict == null) {
            verdict = judge.judge(prompt, attempt());
        }
        return verdict;
    }

    @Override
    public String toString() {
        return customId;
    }
}
