package io.pairbatch.testing;

import io.pairbatch.backend.Backend;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;
import java.util.List;
import java.util.Optional;

/// The settings of a usual job's results. A class of its own: programs that run in a small heap load nothing else for
/// it.
public final class UsualSettings {

    public static final ResultSettings RESULTS = new ResultSettings(
            "0a1b2c3d",
            Backend.OPENAI,
            "gpt-4.1",
            new AnswerRules("<BETTER_SAMPLE>", "</BETTER_SAMPLE>", TagMode.EXACT, Ambiguous.TAKE, Optional.empty()),
            "EXP",
            true,
            false,
            true,
            false,
            List.of("ID1", "text1", "ID2", "text2"),
            false,
            Repetition.NONE,
            ResultSettings.ONLY_JUDGE);

    private UsualSettings() {}
}
