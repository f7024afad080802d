package io.pairbatch.simulator.judge;

import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Decides which text is better, as a model would: Bradley–Terry on the texts' qualities, with position bias. The
/// winner depends only on the seed, the two texts and their order, so a pair has the same one in every retry and with
/// every provider, unless answers flip or a model has a [Habit]. Whether the request fails is drawn anew when the pair
/// is sent again after a failure; the first draw
/// depends on the same and nothing else.
public final class Judge {

    private static final Pattern HEADING_1 = Pattern.compile("(?m)^.{0,20}SAMPLE_1.{0,20}$");
    private static final Pattern HEADING_2 = Pattern.compile("(?m)^.{0,20}SAMPLE_2.{0,20}$");

    /// Texts that are no further apart are a tie, where the prompt has a label for that.
    private static final double TIE = 0.25;

    /// What happens to a request.
    public enum Fate {
        ANSWERED,
        WITHOUT_TAG,
        SERVER_ERROR,
        RATE_LIMITED,
        TIMED_OUT
    }

    /// A decision.
    ///
    /// @param better the position of the better text, 1 or 2; 0 for a tie
    /// @param wanted how the prompt asks for it
    /// @param dice random source of this pair, for token counts and the like
    public record Verdict(int better, Wanted wanted, Fate fate, Dice dice) {

        /// What the model says.
        public String answer() {
            return fate == Fate.WITHOUT_TAG ? wanted.hedge(better) : wanted.say(better);
        }

        /// Tokens of thoughts before the answer, if the model thinks.
        public long thought() {
            return 64L * (1 + dice.with("thought").below(8));
        }
    }

    private record Contest(String first, String second, double difference) {}

    private final long seed;
    private final JudgeSettings settings;
    private final TextIndex index = new TextIndex();
    private final Map<String, Double> qualities = new HashMap<>();
    private final Failures failures;

    /// @param data the folder that remembers which pairs have failed
    public Judge(long seed, JudgeSettings settings, Path data) throws IOException {
        this.seed = seed;
        this.settings = settings;
        this.failures = new Failures(data);
        if (settings.qualities() != null) {
            read(settings.qualities(), (text, quality) -> {
                if (qualities.put(text, quality) == null) {
                    index.add(text);
                }
            });
        }
    }

    /// Looks whether a file of qualities can be read.
    ///
    /// @throws IOException with the line that cannot
    public static void check(Path file) throws IOException {
        read(file, (text, quality) -> {});
    }

    private static void read(Path file, BiConsumer<String, Double> each) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(in);
            while (lines.next()) {
                if (lines.blank()) {
                    continue;
                }
                JsonNode line = Json.MAPPER.readTree(lines.bytes(), 0, lines.length());
                if (!line.path("text").isString() || !line.path("quality").isNumber()) {
                    throw new IOException(file.getFileName() + ", line " + lines.number()
                            + ": expected {\"text\": string, \"quality\": number}");
                }
                each.accept(
                        line.path("text").stringValue().strip(),
                        line.path("quality").doubleValue());
            }
        }
    }

    /// The verdict on the pair in a prompt.
    ///
    /// @param model whose attempt it is
    /// @param request random source of the request: two of the same pair have two
    public Verdict judge(String prompt, String model, Asked asked, Dice request) {
        Contest contest = contest(prompt);
        Dice dice = new Dice(seed).with(contest.first()).with(contest.second());
        double lean = contest.difference()
                + settings.positionBias()
                + settings.noise() * dice.with("noise").logistic();
        Wanted wanted = Wanted.in(
                contest.second().isEmpty()
                        ? prompt
                        : prompt.replace(contest.first(), "").replace(contest.second(), ""));
        Habit habit = settings.habits().get(model);
        int usual =
                habit == null && wanted.mayTie() && Math.abs(lean) < TIE ? 0 : decide(habit, contest, lean, request);
        boolean flips = usual > 0 && request.with("flip").unit() < settings.flipRate();
        return new Verdict(flips ? 3 - usual : usual, wanted, fate(dice, model, asked), dice);
    }

    private static int decide(@Nullable Habit habit, Contest contest, double lean, Dice request) {
        return switch (habit) {
            case null -> lean > 0 ? 1 : 2;
            case COIN -> 1 + request.with("coin").below(2);
            case FIRST -> 1;
            case LONGEST -> contest.first().length() >= contest.second().length() ? 1 : 2;
        };
    }

    private Fate fate(Dice dice, String model, Asked asked) {
        long pair = dice.with(asked.api()).with(model).state();
        int before = failures.before(pair, asked);
        Fate fate = fate(before == 0 ? dice : dice.with("attempt").with(before));
        if (fate != Fate.ANSWERED) {
            failures.note(pair, asked);
        }
        return fate;
    }

    private Contest contest(String prompt) {
        List<TextIndex.Hit> hits = index.twoIn(prompt);
        if (hits.size() == 2) {
            String first = hits.get(0).text();
            String second = hits.get(1).text();
            return new Contest(first, second, quality(first) - quality(second));
        }
        String first = firstLineAfter(HEADING_1, prompt);
        String second = firstLineAfter(HEADING_2, prompt);
        return first.isEmpty() || second.isEmpty()
                ? new Contest(prompt, "", 0)
                : new Contest(first, second, quality(first) - quality(second));
    }

    /// A text without a known quality has a random one, the same in every prompt.
    private double quality(String text) {
        Double known = qualities.get(text);
        return known != null ? known : new Dice(seed).with("quality").with(text).logistic();
    }

    private static String firstLineAfter(Pattern heading, String prompt) {
        Matcher matcher = heading.matcher(prompt);
        return matcher.find()
                ? prompt.substring(matcher.end())
                        .lines()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .map(String::strip)
                        .orElse("")
                : "";
    }

    private Fate fate(Dice dice) {
        if (dice.with("error").unit() < settings.errorRate()) {
            return List.of(Fate.SERVER_ERROR, Fate.RATE_LIMITED, Fate.TIMED_OUT)
                    .get(dice.with("kind").below(3));
        }
        return dice.with("tag").unit() < settings.missingTagRate() ? Fate.WITHOUT_TAG : Fate.ANSWERED;
    }
}
