package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.AnthropicProvider;
import io.pairbatch.chaos.provider.Clockwork;
import io.pairbatch.chaos.provider.Course;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.chaos.provider.Dice;
import io.pairbatch.chaos.provider.Fault;
import io.pairbatch.chaos.provider.Fault.Progress;
import io.pairbatch.chaos.provider.Fault.Spoil;
import io.pairbatch.chaos.provider.Faults;
import io.pairbatch.chaos.provider.Foreign;
import io.pairbatch.chaos.provider.GeminiProvider;
import io.pairbatch.chaos.provider.Judge;
import io.pairbatch.chaos.provider.Lie;
import io.pairbatch.chaos.provider.Limits;
import io.pairbatch.chaos.provider.OpenAiProvider;
import io.pairbatch.chaos.provider.Operation;
import io.pairbatch.chaos.provider.Provider;
import io.pairbatch.chaos.provider.Setup;
import io.pairbatch.chaos.provider.Trouble;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The providers, and their faults in a scenario.
final class Providers {

    private Providers() {}

    static String model(Backend backend) {
        return switch (backend) {
            case OPENAI -> "gpt-4.1";
            case ANTHROPIC -> "claude-haiku-4-5";
            case GEMINI -> "gemini-2.5-flash";
        };
    }

    /// What limits each answer's length to [Judge#CAP] tokens.
    static Map<String, Integer> cap(Backend backend) {
        return switch (backend) {
            case OPENAI -> Map.of("max_completion_tokens", Judge.CAP);
            case ANTHROPIC -> Map.of("max_tokens", Judge.CAP);
            case GEMINI -> Map.of("max_output_tokens", Judge.CAP, "thinking_budget", 0);
        };
    }

    static Provider of(Scenario scenario, URI baseUrl, Timeline timeline, RandomGenerator random) {
        Clockwork clock = new Clockwork() {
            @Override
            public Instant now() {
                return timeline.now();
            }

            @Override
            public void sleep(Duration duration) {
                timeline.sleep(duration);
            }
        };
        Weather weather = scenario.weather();
        LostCreate doubt = new LostCreate(weather.doubt(), clock);
        Setup setup = Setup.of(baseUrl, scenario.seed(), clock)
                .with(new Judge(
                        scenario.seed(),
                        scenario.rates(),
                        "<BETTER_SAMPLE>",
                        "</BETTER_SAMPLE>",
                        scenario.money().dense()))
                .with(doubt.faults(faults(scenario, random)))
                .with(doubt.courses((model, requests, dice) -> course(weather, dice)))
                .with(Limits.USUAL.paged(3));
        Provider provider = switch (scenario.backend()) {
            case OPENAI -> new OpenAiProvider(setup);
            case ANTHROPIC -> new AnthropicProvider(setup);
            case GEMINI -> new GeminiProvider(setup);
        };
        lie(provider, weather, random);
        return provider;
    }

    /// Other people's batches in the same project; one of them looks like ours.
    static void strangers(Provider provider, Scenario scenario, RandomGenerator random) {
        int size = scenario.table().batchSize();
        provider.plant("project", model(scenario.backend()), size);
        provider.plant("project", model(scenario.backend()), 1 + random.nextInt(size + 1));
    }

    /// A batch with the job's token that belongs to none of its submissions. Anthropic's batches carry no token.
    static void stray(Provider provider, Scenario scenario, String jobId) {
        if (scenario.backend() != Backend.ANTHROPIC) {
            String token = jobId.substring(jobId.length() - 8) + "-000001-ffffffffffffffff";
            provider.plant(Foreign.of("project", model(scenario.backend()), 2).named(jobId, token));
        }
    }

    private static Faults faults(Scenario scenario, RandomGenerator random) {
        Weather weather = scenario.weather();
        // A separate random source, so that the other faults of a seed do not depend on it.
        RandomGenerator depths = new SplittableRandom(scenario.seed());
        return call -> {
            Duration after = Duration.between(Scenario.START, call.at());
            if (weather.hangs().stream().anyMatch(hang -> hang.holds(after))) {
                return new Fault.Broken(one(depths, Progress.class), true);
            }
            return random.nextDouble() >= weather.wire() ? Fault.NONE : fault(call.operation(), random);
        };
    }

    private static Fault fault(Operation operation, RandomGenerator random) {
        return switch (random.nextInt(operation == Operation.DOWNLOAD ? 12 : 10)) {
            case 0 -> new Fault.Gateway(List.of(401, 403, 404, 502, 503).get(random.nextInt(5)));
            case 1 -> new Fault.Refuse(Trouble.RATE_LIMIT, Duration.ofSeconds(random.nextInt(120)));
            case 2 -> new Fault.Refuse(random.nextBoolean() ? Trouble.SERVER_ERROR : Trouble.OVERLOADED);
            case 3 -> new Fault.Refuse(random.nextBoolean() ? Trouble.NOT_FOUND : Trouble.SPENDING_CAP);
            case 4 -> new Fault.Instead(new Fault.Gateway(502));
            case 5 -> new Fault.Instead(new Fault.Refuse(Trouble.SERVER_ERROR));
            case 6 -> new Fault.Broken(one(random, Progress.class), false);
            case 7 -> new Fault.Broken(one(random, Progress.class), true);
            case 8 -> new Fault.Slow(Duration.ofSeconds(1 + (long) Math.pow(2, random.nextDouble() * 9)));
            case 9 ->
                operation == Operation.UPLOAD
                        ? new Fault.Unready(Duration.ofSeconds(30 + random.nextInt(300)), random.nextBoolean())
                        : new Fault.Refuse(Trouble.TIMEOUT);
            case 10 -> new Fault.Cut(random.nextDouble(), random.nextBoolean());
            default -> new Fault.Spoiled(random.nextBoolean() ? Spoil.DOUBLED : Spoil.FOREIGN, 1);
        };
    }

    private static <E extends Enum<E>> E one(RandomGenerator random, Class<E> of) {
        List<E> all = List.copyOf(EnumSet.allOf(of));
        return all.get(random.nextInt(all.size()));
    }

    private static Course course(Weather weather, Dice dice) {
        Course course = Course.completing(
                dice.with(1).between(Duration.ofSeconds(10), Duration.ofSeconds(90)),
                dice.with(2).between(Duration.ofMinutes(1), Duration.ofHours(3)),
                dice.with(3).between(Duration.ofSeconds(5), Duration.ofMinutes(2)));
        if (dice.with(4).unit() >= weather.batches()) {
            return course;
        }
        Course rare = rare(course, dice.with(8));
        if (rare != null) {
            return rare;
        }
        return switch (dice.with(5).below(11)) {
            case 0, 1 -> course.failing("token_limit_exceeded", "Enqueued token limit reached for the model.");
            case 2 -> course.failing("billing_hard_limit_reached", "Billing hard limit has been reached.");
            case 3 -> course.ending(End.EXPIRED, dice.with(6).unit());
            case 4 -> course.ending(End.CANCELLED, dice.with(6).unit());
            case 5 -> course.ending(End.ALL_FAILED, 1);
            case 6 ->
                course.lying(
                        Lie.UNKNOWN,
                        Duration.ofMinutes(dice.with(6).below(60)),
                        Duration.ofMinutes(1 + dice.with(7).below(40)));
            case 7 ->
                course.lying(
                        Lie.RESULTS_UNKNOWN,
                        Duration.ZERO,
                        Duration.ofMinutes(1 + dice.with(7).below(90)));
            case 8 ->
                course.lying(
                        Lie.NO_OUTPUT,
                        Duration.ZERO,
                        Duration.ofMinutes(1 + dice.with(7).below(40)));
            case 9 ->
                course.lying(
                        Lie.OUTPUT_SHORT,
                        Duration.ZERO,
                        Duration.ofMinutes(1 + dice.with(7).below(40)));
            default -> course.lying(Lie.EARLIER, Duration.ofMinutes(dice.with(6).below(60)), Duration.ofMinutes(30));
        };
    }

    /// Rare faults of a batch: it is denied for hours, or lost for good, or lacks lines of its results.
    private static @Nullable Course rare(Course course, Dice dice) {
        return switch (dice.with(1).below(12)) {
            case 0 ->
                course.lying(
                        Lie.UNKNOWN,
                        Duration.ofMinutes(dice.with(2).below(200)),
                        Duration.ofMinutes(60 + dice.with(3).below(600)));
            case 1 ->
                course.lying(
                        dice.with(2).below(2) == 0 ? Lie.OUTPUT_SHORT : Lie.RESULTS_UNKNOWN,
                        Duration.ZERO,
                        Duration.ofMinutes(60 + dice.with(3).below(1200)));
            // Never before the response to its create may be searched for in the list.
            case 2 -> course.forgetting(Duration.ofMinutes(90 + dice.with(2).below(240)));
            case 3 ->
                course.spoiling(
                        new Fault.Spoiled(Spoil.MISSING, 1 + dice.with(2).below(3)));
            // Longer than its window.
            case 4, 5 ->
                Course.completing(
                                course.validating(),
                                dice.with(2).between(Duration.ofHours(25), Duration.ofHours(80)),
                                course.finalizing())
                        .lying(Lie.LATE, Duration.ZERO, Duration.ofHours(100));
            default -> null;
        };
    }

    private static void lie(Provider provider, Weather weather, RandomGenerator random) {
        List<Lie> lies = List.of(
                Lie.UNKNOWN,
                Lie.UNKNOWN_TO_GATEWAY,
                Lie.RESULTS_UNKNOWN,
                Lie.RESULTS_UNKNOWN_TO_GATEWAY,
                Lie.LIST_EMPTY,
                Lie.LIST_DISORDER,
                Lie.NO_LIST,
                Lie.EARLIER,
                Lie.NO_COUNTS);
        for (int i = 0; i < 6; i++) {
            // Most creates are sent in the first minutes.
            int minutes = random.nextInt(2) == 0 ? random.nextInt(15) : random.nextInt(8 * 60);
            Instant from = Scenario.START.plus(Duration.ofMinutes(minutes));
            Duration span = Duration.ofSeconds(20 + (long) Math.pow(2, random.nextDouble() * 12));
            Lie lie = lies.get(random.nextInt(lies.size()));
            boolean told = random.nextDouble() < weather.lies();
            if (told && i < 4) {
                provider.lies().tell(lie, from, from.plus(span));
            } else if (told) {
                provider.lies()
                        .lag(Duration.ofSeconds(30 + random.nextInt(1200)), from, from.plus(span.multipliedBy(4)));
            }
        }
    }
}
