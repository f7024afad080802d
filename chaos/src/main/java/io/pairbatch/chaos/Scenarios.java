package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.Scenario.Upheaval;
import io.pairbatch.chaos.provider.Judge;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.provider.Answer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The scenario of a seed.
final class Scenarios {

    private static final Judge.Rates RATES = new Judge.Rates(0.05, 0.03, 0.03, 0.15);

    private static final long RESCUED = 0x726573637567L;
    /// Bytes of a request line, roughly.
    private static final long LINE = 2_800;

    private Scenarios() {}

    /// Draws a job and what happens to it.
    ///
    /// @param backend null: the seed decides
    static Scenario drawn(long seed, @Nullable Backend backend) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 7);
        Backend provider = one(random, Backend.class);
        int segments = 1 + random.nextInt(8);
        Scenario calm = Scenario.calm(seed, backend == null ? provider : backend, segments);
        calm = isDesigned(seed) ? calm.with(PairTable.designed(seed, segments)) : calm;
        calm = isRepeated(seed) ? calm.with(calm.table().repeated(seed)) : calm;
        Weather weather = new Weather(
                one(random, 0, 0.002, 0.01, 0.03),
                one(random, 0, 0, 0.03, 0.12),
                one(random, 0, 0, 0.2, 0.6),
                one(random, 0, 0, 0.3, 0.8),
                one(random, 0, 0, 0.02, 0.1));
        Duration bad = Duration.ofMinutes(30 + random.nextInt(20 * 60));
        Scenario.Money money = money(new SplittableRandom(seed ^ 0x6D6F6E6579L), calm);
        return new Scenario(
                seed,
                calm.backend(),
                calm.table(),
                random.nextInt(3) == 0 ? Judge.Rates.NONE : RATES,
                weather.hanging(hangs(new SplittableRandom(seed ^ 0x68616E67L), bad))
                        .doubting(doubt(new SplittableRandom(seed ^ 0x646F756274L))),
                upheavals(seed, random, bad, money),
                Scenario.START.plus(bad),
                new Scenario.Quirks(
                        random.nextBoolean(),
                        random.nextBoolean(),
                        isRescued(seed),
                        money.usd() == null && isPanel(seed)),
                money);
    }

    /// What happens to a job. Each kind that came later draws from numbers of its own, so that it changes no other one.
    private static List<Upheaval> upheavals(long seed, SplittableRandom random, Duration bad, Scenario.Money money) {
        List<Upheaval> all = upheavals(random, bad);
        all = withStray(all, new SplittableRandom(seed ^ 0x7374726179L), bad);
        all = withChange(all, new SplittableRandom(seed ^ 0x6368616E6765L));
        all = withCopy(all, new SplittableRandom(seed ^ 0x636F7079L));
        all = withReading(all, new SplittableRandom(seed ^ 0x72656164L), bad);
        all = withRetry(all, new SplittableRandom(seed ^ 0x7265747279L), bad);
        all = withCancel(all, new SplittableRandom(seed ^ 0x63616E63656CL));
        all = withCollecting(all, new SplittableRandom(seed ^ 0x616761696EL), bad);
        all = withLosses(all, new SplittableRandom(seed ^ 0x6C6F73736573L), bad);
        all = withRaise(money, new SplittableRandom(seed ^ 0x7261697365L), all);
        return withDeployments(new SplittableRandom(seed ^ 0x6465706C6F79L), all);
    }

    private static boolean isDeleted(List<Upheaval> upheavals) {
        return upheavals.stream().anyMatch(it -> it.kind() == Upheaval.Kind.DELETE);
    }

    /// One in eight jobs.
    private static boolean isRescued(long seed) {
        return new SplittableRandom(seed ^ RESCUED).nextInt(8) == 0;
    }

    /// One in four jobs makes its pairs of samples.
    private static boolean isDesigned(long seed) {
        return !isRescued(seed) && new SplittableRandom(seed ^ 0x64657369676EL).nextInt(4) == 0;
    }

    /// One in five jobs judges its pairs more than once.
    private static boolean isRepeated(long seed) {
        return !isRescued(seed) && new SplittableRandom(seed ^ 0x6F6674656EL).nextInt(5) == 0;
    }

    /// One in five jobs without a limit has a job of its judge. A limit would be the judge's own.
    private static boolean isPanel(long seed) {
        return !isRescued(seed) && new SplittableRandom(seed ^ 0x6A7564676573L).nextInt(5) == 0;
    }

    /// Rare; mostly while jobs submit or poll for the first time.
    private static List<Weather.Hang> hangs(SplittableRandom random, Duration within) {
        List<Weather.Hang> hangs = new ArrayList<>();
        for (int count = Math.max(0, random.nextInt(6) - 3); count > 0; count--) {
            long from = (long) (within.toSeconds() * Math.pow(random.nextDouble(), 4));
            hangs.add(new Weather.Hang(Duration.ofSeconds(from), Duration.ofMinutes(5 + random.nextInt(56))));
        }
        return hangs;
    }

    /// In a third of the jobs. Shorter than the time for which a list with witnesses may lag, and than a lease.
    private static Weather.@Nullable Doubt doubt(SplittableRandom random) {
        int create = 1 + random.nextInt(6);
        return switch (random.nextInt(6)) {
            case 0 -> new Weather.Doubt(create, false, Duration.ofMinutes(15 + random.nextInt(40)));
            case 1 -> new Weather.Doubt(create, true, Duration.ofSeconds(240 + random.nextInt(240)));
            default -> null;
        };
    }

    /// Rare, and never for a job that is deleted.
    private static List<Upheaval> withStray(List<Upheaval> others, SplittableRandom random, Duration within) {
        if (isDeleted(others) || random.nextInt(6) > 0) {
            return others;
        }
        Duration at = Duration.ofSeconds((long) (within.toSeconds() * Math.pow(random.nextDouble(), 3)));
        List<Upheaval> all = new ArrayList<>(others);
        all.add(new Upheaval(at, Upheaval.Kind.STRAY));
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Few jobs meet one, and none that is deleted: the key is revoked, before or after the first create; while the job
    /// waits for another its table is dropped again with other values, and then the stack is lost or not.
    private static List<Upheaval> withChange(List<Upheaval> others, SplittableRandom random) {
        if (isDeleted(others) || random.nextInt(6) > 0) {
            return others;
        }
        Duration revoked = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 3_000 : 3_600_000));
        Duration dropped = revoked.plus(Duration.ofMinutes(10 + random.nextInt(80)));
        List<Upheaval> all = new ArrayList<>(others);
        all.add(new Upheaval(revoked, Upheaval.Kind.KEY_REVOKED));
        all.add(new Upheaval(dropped, Upheaval.Kind.DROP_CHANGED));
        all.add(new Upheaval(
                dropped.plus(Duration.ofMinutes(10)),
                one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Few jobs meet one, and none that is deleted: the same pairs are dropped once more, at the same time, while the
    /// job waits for another key, or later; and then the stack is lost or not.
    private static List<Upheaval> withCopy(List<Upheaval> others, SplittableRandom random) {
        if (isDeleted(others) || random.nextInt(5) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration dropped = Duration.ofMillis(random.nextInt(6_000));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    Duration.ofMillis(random.nextInt(random.nextBoolean() ? 3_000 : 3_600_000)),
                    Upheaval.Kind.KEY_REVOKED));
            dropped = Duration.ofMillis(random.nextInt(4 * 3_600_000));
        }
        all.add(new Upheaval(dropped, Upheaval.Kind.DROP_COPY));
        all.add(new Upheaval(
                dropped.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 3_600_000))),
                one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Few jobs meet one, and none that is deleted: the answers are read again, and then the stack is lost or not.
    private static List<Upheaval> withReading(List<Upheaval> others, SplittableRandom random, Duration within) {
        if (isDeleted(others) || random.nextInt(5) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration read = Duration.ofSeconds(random.nextLong(within.toSeconds() + 24 * 3_600));
        all.add(new Upheaval(read, Upheaval.Kind.READ_AGAIN));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    read.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 600_000))),
                    one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        }
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    read.plus(Duration.ofSeconds(random.nextInt(random.nextBoolean() ? 120 : 12 * 3_600))),
                    Upheaval.Kind.READ_AGAIN));
        }
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Some jobs meet one, and none that is deleted: what failed is sent again, and then the stack is lost or not.
    private static List<Upheaval> withRetry(List<Upheaval> others, SplittableRandom random, Duration within) {
        if (isDeleted(others) || random.nextInt(4) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration sent = Duration.ofSeconds(random.nextLong(within.toSeconds() + 36 * 3_600));
        all.add(new Upheaval(sent, Upheaval.Kind.RETRY));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    sent.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10_000 : 3_600_000))),
                    one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        }
        if (random.nextBoolean()) {
            all.add(new Upheaval(sent.plus(Duration.ofSeconds(random.nextInt(24 * 3_600))), Upheaval.Kind.RETRY));
        }
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Some jobs meet one, and none that is deleted: the job is cancelled, mostly while it submits, the stack is lost
    /// or not, and then it is continued, or not.
    private static List<Upheaval> withCancel(List<Upheaval> others, SplittableRandom random) {
        if (isDeleted(others) || random.nextInt(5) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration cancelled = Duration.ofMillis(
                random.nextInt(random.nextBoolean() ? 5_000 : random.nextBoolean() ? 600_000 : 36_000_000));
        all.add(new Upheaval(cancelled, Upheaval.Kind.CANCEL));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    cancelled.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10_000 : 3_600_000))),
                    one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        }
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    cancelled.plus(Duration.ofSeconds(random.nextInt(24 * 3_600))), Upheaval.Kind.CONTINUE));
        }
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Some jobs meet one, and none that is deleted: single items of the registry are lost, mostly while the job
    /// submits or once it is done, and it is rebuilt at once or when it has stopped.
    private static List<Upheaval> withLosses(List<Upheaval> others, SplittableRandom random, Duration within) {
        if (isDeleted(others) || random.nextInt(5) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration lost = Duration.ofMillis(
                random.nextBoolean()
                        ? 2_000 + random.nextInt(600_000)
                        : random.nextLong(within.toMillis() + 36 * 3_600_000L));
        all.add(new Upheaval(lost, random.nextInt(3) == 0 ? Upheaval.Kind.LOSE_JOB : Upheaval.Kind.LOSE_ITEMS));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    lost.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 200_000 : 7_200_000))),
                    Upheaval.Kind.RECOVER));
        }
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Some jobs meet one, and none that is deleted: answers are fetched once more, and then the stack is lost or not.
    private static List<Upheaval> withCollecting(List<Upheaval> others, SplittableRandom random, Duration within) {
        if (isDeleted(others) || random.nextInt(4) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration asked = Duration.ofSeconds(random.nextLong(within.toSeconds() + 36 * 3_600));
        all.add(new Upheaval(asked, Upheaval.Kind.COLLECT_AGAIN));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    asked.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10_000 : 3_600_000))),
                    one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        }
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    asked.plus(Duration.ofSeconds(random.nextInt(12 * 3_600))), Upheaval.Kind.COLLECT_AGAIN));
        }
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// A third of the jobs may cost less than they might, and some of these more later; other jobs have no limit.
    private static Scenario.Money money(SplittableRandom random, Scenario job) {
        boolean capped = random.nextInt(4) > 0;
        boolean dense = capped && random.nextBoolean();
        BigDecimal usd = null;
        // What others have sent is paid for without asking.
        if (random.nextInt(3) == 0 && !isRescued(job.seed())) {
            Answer.Tokens most = new Answer.Tokens(LINE, (long) Judge.CAP, null, null, null, null);
            BigDecimal pair = PriceTable.bundled()
                    .batchCost(
                            Providers.model(job.backend()),
                            new Answer(null, null, null, null, null, null, null, null, null, most, null, null, null));
            double part = job.table().comparisons().size() * (0.1 + 1.2 * random.nextDouble());
            usd = Objects.requireNonNull(pair)
                    .multiply(BigDecimal.valueOf(part))
                    .setScale(6, RoundingMode.CEILING);
        }
        boolean raised = random.nextBoolean();
        int lowered = usd == null ? 0 : Math.max(0, random.nextInt(9) - 5);
        return new Scenario.Money(usd, capped, dense, raised, lowered);
    }

    /// Only of jobs with a limit, and never of one that is deleted; the stack is lost then, or not.
    private static List<Upheaval> withRaise(Scenario.Money money, SplittableRandom random, List<Upheaval> others) {
        if (isDeleted(others) || money.usd() == null || random.nextBoolean()) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration raised = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10_000 : 36_000_000));
        all.add(new Upheaval(raised, Upheaval.Kind.CHANGE_LIMIT));
        if (random.nextBoolean()) {
            all.add(new Upheaval(
                    raised.plus(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 10_000 : 3_600_000))),
                    one(random, EnumSet.of(Upheaval.Kind.LOSE_TABLE, Upheaval.Kind.OLD_TABLE, Upheaval.Kind.RESTART))));
        }
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    /// Some jobs meet one, and none that is deleted: a deployment leaves their provider out, mostly while they are
    /// claimed and submit, and another one has it again, up to a day later.
    private static List<Upheaval> withDeployments(SplittableRandom random, List<Upheaval> others) {
        if (isDeleted(others) || random.nextInt(5) > 0) {
            return others;
        }
        List<Upheaval> all = new ArrayList<>(others);
        Duration left = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 5_000 : 36_000_000));
        all.add(new Upheaval(left, Upheaval.Kind.LEFT_OUT));
        all.add(new Upheaval(
                left.plus(Duration.ofSeconds(random.nextInt(random.nextBoolean() ? 600 : 24 * 3_600))),
                Upheaval.Kind.BROUGHT_BACK));
        all.sort(Comparator.comparing(Upheaval::at));
        return List.copyOf(all);
    }

    private static List<Upheaval> upheavals(SplittableRandom random, Duration within) {
        List<Upheaval> upheavals = new ArrayList<>();
        int count = Math.max(0, random.nextInt(6) - 2);
        for (int i = 0; i < count; i++) {
            // These are drawn separately, so that the rest of a seed's scenario does not depend on them.
            Upheaval.Kind kind = one(
                    random,
                    EnumSet.complementOf(EnumSet.of(
                            Upheaval.Kind.STRAY,
                            Upheaval.Kind.LEFT_OUT,
                            Upheaval.Kind.BROUGHT_BACK,
                            Upheaval.Kind.DROP_COPY,
                            Upheaval.Kind.READ_AGAIN,
                            Upheaval.Kind.RETRY,
                            Upheaval.Kind.CHANGE_LIMIT,
                            Upheaval.Kind.CANCEL,
                            Upheaval.Kind.CONTINUE,
                            Upheaval.Kind.LOSE_JOB,
                            Upheaval.Kind.LOSE_ITEMS,
                            Upheaval.Kind.RECOVER,
                            Upheaval.Kind.COLLECT_AGAIN)));
            // Most happens while a job is submitted, so many upheavals come early.
            double part = Math.pow(random.nextDouble(), 3);
            upheavals.add(new Upheaval(Duration.ofSeconds((long) (within.toSeconds() * part)), kind));
        }
        upheavals.sort(Comparator.comparing(Upheaval::at));
        for (int i = 0; i < upheavals.size(); i++) {
            if (upheavals.get(i).kind() == Upheaval.Kind.DELETE) {
                return List.copyOf(upheavals.subList(0, i + 1));
            }
        }
        return List.copyOf(upheavals);
    }

    private static <E extends Enum<E>> E one(SplittableRandom random, Class<E> of) {
        return one(random, EnumSet.allOf(of));
    }

    private static <E extends Enum<E>> E one(SplittableRandom random, EnumSet<E> of) {
        List<E> all = List.copyOf(of);
        return all.get(random.nextInt(all.size()));
    }

    private static double one(SplittableRandom random, double... values) {
        return values[random.nextInt(values.length)];
    }
}
