package io.pairbatch.chaos.provider;

import static io.pairbatch.chaos.provider.Rig.TIMEOUT;
import static io.pairbatch.chaos.provider.Rig.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Course.End;
import io.pairbatch.chaos.provider.Judge.Rates;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every provider, as its client sees it.
class EveryProviderTest {

    static final Course QUICK =
            Course.completing(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(10));

    private static Rig rig(Backend backend) {
        return new Rig(backend).course(QUICK);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchIsDoneAndEveryRowHasTheJudgesWinner(Backend backend) throws Exception {
        Rig rig = rig(backend);
        BatchStatus status = rig.ended(rig.batch(20));
        assertThat(status.state()).isEqualTo(BatchState.COMPLETED);
        assertThat(status.total()).isEqualTo(20);
        assertThat(status.completed()).isEqualTo(20);
        Map<String, Answer> answers = rig.answers(status);
        assertThat(answers).hasSize(20);
        for (int row = 1; row <= 20; row++) {
            assertThat(Objects.requireNonNull(answers.get(TOKEN + "-" + row)).content())
                    .isEqualTo(rig.winner(row));
        }
        assertThat(rig.provider.bills())
                .hasSize(20)
                .allSatisfy((id, count) -> assertThat(count).isOne());
        assertThat(rig.provider.unclosed()).isZero();
    }

    @Test
    void aPairHasTheSameWinnerWithEveryProvider() throws Exception {
        Map<Backend, String> winners = new HashMap<>();
        for (Backend backend : Backend.values()) {
            Rig rig = rig(backend);
            BatchStatus status = rig.ended(rig.batch(30));
            StringBuilder all = new StringBuilder();
            rig.answers(status).forEach((id, answer) -> all.append(answer.content()));
            winners.put(backend, all.toString());
        }
        assertThat(winners.values().stream().distinct()).hasSize(1);
        assertThat(winners.get(Backend.OPENAI)).contains("SAMPLE_1").contains("SAMPLE_2");
    }

    @ParameterizedTest
    @EnumSource
    void linesDoNotComeInTheOrderOfTheRequests(Backend backend) throws Exception {
        Rig rig = rig(backend);
        BatchStatus status = rig.ended(rig.batch(20));
        String file = Json.text(rig.client
                .download(Objects.requireNonNull(status.outputFileId()))
                .readAllBytes());
        List<String> ids = file.lines()
                .map(line -> line.substring(line.indexOf(TOKEN + "-")).replaceAll("\".*", ""))
                .toList();
        assertThat(ids)
                .hasSize(20)
                .isNotEqualTo(batch(rig, status.id()).items().stream()
                        .map(Item::customId)
                        .toList());
    }

    private static Batch batch(Rig rig, String id) {
        return rig.provider.batches().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void theJournalHoldsWhatWasRequested(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(3);
        Journal.Entry entry = rig.provider.journal().entries(Operation.CREATE).getFirst();
        assertThat(entry.batchId()).isEqualTo(id);
        assertThat(entry.customIds()).containsExactly(TOKEN + "-1", TOKEN + "-2", TOKEN + "-3");
        assertThat(entry.key()).isEqualTo(Rig.KEY);
        assertThat(entry.at()).isEqualTo(rig.clock.now());
        if (backend != Backend.ANTHROPIC) {
            assertThat(entry.metadata().values()).anyMatch(value -> value.contains("token-1"));
            assertThat(entry.fileId())
                    .isEqualTo(rig.provider
                            .journal()
                            .entries(Operation.UPLOAD)
                            .getFirst()
                            .fileId());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameRequestHasTheSameDigestInEveryBatch(Backend backend) throws Exception {
        Rig rig = rig(backend);
        rig.batch(3);
        rig.batch(2);
        List<Batch> batches = List.copyOf(rig.provider.batches());
        assertThat(batches.get(1).items().stream().map(Item::digest).toList())
                .isEqualTo(batches.get(0).items().stream()
                        .map(Item::digest)
                        .limit(2)
                        .toList())
                .doesNotHaveDuplicates();
        assertThat(rig.provider.journal().entries(Operation.CREATE).stream().map(Journal.Entry::digest))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void everyFateOfARequestIsReadAsSuch(Backend backend) throws Exception {
        Rates rates = new Rates(0.2, 0.2, 0.2, 0.2);
        Rig rig = new Rig(backend, new Judge(3, rates, "<BETTER_SAMPLE>", "</BETTER_SAMPLE>"), Limits.USUAL, 3)
                .course(QUICK);
        BatchStatus status = rig.ended(rig.batch(100));
        assertThat(status.completed() + status.failed()).isEqualTo(100);
        assertThat(status.failed()).isBetween(5L, 40L);
        Map<String, Answer> answers = rig.answers(status);
        assertThat(answers).hasSize(100);
        assertThat(answers.values())
                .anyMatch(answer -> answer.refusal() != null)
                .anyMatch(answer -> List.of("length", "max_tokens", "MAX_TOKENS")
                        .contains(Objects.requireNonNullElse(answer.finishReason(), "")))
                .anyMatch(answer -> answer.providerError() != null || answer.errorMessage() != null);
        assertThat(rig.provider.bills()).hasSize((int) status.completed());
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredBatchIsPaidAsFarAsItWasProcessed(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.ending(End.EXPIRED, 0.5));
        BatchStatus status = rig.ended(rig.batch(10));
        assertThat(status.state()).isEqualTo(backend == Backend.ANTHROPIC ? BatchState.COMPLETED : BatchState.EXPIRED);
        assertThat(status.completed()).isEqualTo(5);
        // Gemini returns none of it.
        assertThat(rig.answers(status)).hasSize(backend == Backend.GEMINI ? 0 : 10);
        assertThat(rig.provider.bills()).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatTakesTooLongExpires(Backend backend) throws Exception {
        Rig rig = rig(backend)
                .course(Course.completing(Duration.ofSeconds(10), Duration.ofDays(4), Duration.ofSeconds(10)));
        String id = rig.batch(8);
        rig.clock.sleep(Duration.ofDays(3));
        BatchStatus status = rig.client.retrieve(id);
        assertThat(status.state().terminal()).isTrue();
        assertThat(rig.provider.bills()).hasSize(backend == Backend.GEMINI ? 3 : 1);
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledBatchIsPaidAsFarAsItWasProcessed(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(10);
        rig.clock.sleep(Duration.ofSeconds(100));
        assertThat(rig.client.cancel(id)).isEqualTo(Removal.DONE);
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.RUNNING);
        assertThat(rig.ended(id).state().terminal()).isTrue();
        assertThat(rig.provider.bills()).hasSizeBetween(3, 6);
        assertThat(rig.client.cancel(id)).isEqualTo(backend == Backend.GEMINI ? Removal.DONE : Removal.NOT_POSSIBLE);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatFailsIsNotPaid(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.failing("billing_hard_limit_reached", "The limit is reached."));
        BatchStatus status = rig.ended(rig.batch(2));
        if (backend == Backend.ANTHROPIC) {
            assertThat(status.failed()).isEqualTo(2);
            assertThat(rig.answers(status).values())
                    .allSatisfy(answer -> assertThat(answer.providerError()).contains("The limit is reached."));
        } else {
            assertThat(status.state()).isEqualTo(BatchState.NO_CREDIT);
            assertThat(status.errorMessage()).isEqualTo("The limit is reached.");
        }
        assertThat(rig.provider.bills()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aFullQueueHasNoRoom(Backend backend) throws Exception {
        Rig rig = new Rig(backend, new Judge(1), new Limits(100, 1 << 20, 10, 5), 3).course(QUICK);
        String first = rig.batch(4);
        byte[] lines = rig.lines(1, 2);
        CreateOutcome second = rig.create(rig.upload(lines), lines, "token-2");
        if (backend == Backend.OPENAI) {
            assertThat(rig.ended(((CreateOutcome.Created) second).batchId()).state())
                    .isEqualTo(BatchState.NO_ROOM);
        } else {
            assertThat(((CreateOutcome.Refused) second).reason().kind()).isEqualTo(Kind.LATER);
        }
        rig.ended(first);
        assertThat(rig.ended(rig.batch(2)).state()).isEqualTo(BatchState.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource
    void pagesHaveTheConfiguredSize(Backend backend) throws Exception {
        Rig rig = new Rig(backend, new Judge(1), Limits.USUAL.paged(2), 3).course(QUICK);
        for (int i = 0; i < 7; i++) {
            rig.batch(1);
            rig.clock.sleep(Duration.ofSeconds(90));
        }
        assertThat(rig.listed().stream().map(BatchStatus::id)).hasSize(7).doesNotHaveDuplicates();
        assertThat(rig.provider.journal().seen().stream()
                        .filter(seen -> seen.call().operation() == Operation.LIST))
                .hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void aLiveRequestHasTheSameWinnerAsTheBatch(Backend backend) throws Exception {
        Rig rig = rig(backend);
        rig.batch(1);
        LiveRequest request = new LiveRequest(
                rig.spec.model(), rig.format.requests(rig.spec, TOKEN).endpoint(), ByteBuffer.wrap(rig.lines(1, 1)));
        assertThat(rig.client.ask(request, TIMEOUT))
                .isInstanceOfSatisfying(
                        LiveAnswer.Answered.class,
                        answered -> assertThat(answered.answer().content()).isEqualTo(rig.winner(1)));
        assertThat(rig.provider.journal().entries(Operation.LIVE)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRevokedKeyIsRefusedAndAnotherOfTheProjectContinues(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(1);
        rig.provider.keys().revoke(Rig.KEY, rig.clock.now());
        rig.provider.keys().allowButNotList("sk-second", "project");
        assertThatThrownBy(() -> rig.client.retrieve(id))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY));
        assertThat(rig.client("sk-second", 3).retrieve(id).id()).isEqualTo(id);
        assertThatThrownBy(() -> rig.client("sk-second", 3).list(VirtualClock.START, batch -> true))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyOfAnotherProjectSeesNothing(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(1);
        rig.provider.keys().allow("sk-theirs", "elsewhere");
        assertThat(rig.client("sk-theirs", 3).retrieve(id).state()).isEqualTo(BatchState.GONE);
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatIsGoneIsRefused(Backend backend) throws Exception {
        Rig rig = rig(backend);
        rig.provider.retire(rig.spec.model());
        byte[] lines = rig.lines(1, 1);
        CreateOutcome outcome = rig.create(rig.upload(lines), lines, "t");
        if (outcome instanceof CreateOutcome.Created created) {
            BatchStatus status = rig.ended(created.batchId());
            assertThat(status.completed()).isZero();
        } else {
            assertThat(((CreateOutcome.Refused) outcome).reason().kind()).isEqualTo(Kind.REQUEST);
        }
        assertThat(rig.provider.bills()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aForeignBatchIsListedButNotBilledToUs(Backend backend) throws Exception {
        Rig rig = rig(backend);
        rig.batch(3);
        Batch theirs = rig.provider.plant("project", rig.spec.model(), 3);
        rig.provider.plant("elsewhere", rig.spec.model(), 3);
        assertThat(rig.listed()).hasSize(2);
        BatchStatus status = rig.ended(theirs.id());
        assertThat(status.total()).isEqualTo(3);
        assertThat(rig.answers(status).keySet()).containsExactly("request-1", "request-2", "request-3");
        assertThat(rig.provider.bills()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "GEMINI"})
    void aBatchThatHasEndedCanBeDeleted(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(2);
        rig.ended(id);
        assertThat(rig.client.deleteBatch(id)).isEqualTo(Removal.DONE);
        assertThat(rig.client.deleteBatch(id)).isEqualTo(Removal.GONE);
        assertThat(rig.listed()).isEmpty();
        assertThat(rig.provider.bills()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void duplicateIdsAreDetected(Backend backend) throws Exception {
        Rig rig = rig(backend);
        byte[] line = rig.lines(1, 1);
        byte[] twice = Json.utf8(Json.text(line).repeat(2));
        CreateOutcome outcome = rig.create(rig.upload(twice), twice, "t");
        switch (backend) {
            case OPENAI ->
                assertThat(rig.ended(((CreateOutcome.Created) outcome).batchId())
                                .errorCode())
                        .isEqualTo("duplicate_custom_id");
            case ANTHROPIC -> assertThat(outcome).isInstanceOf(CreateOutcome.Refused.class);
            // Gemini does not check them, and bills both.
            case GEMINI -> {
                rig.ended(((CreateOutcome.Created) outcome).batchId());
                assertThat(rig.provider.bills()).containsEntry(TOKEN + "-1", 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoRunsAreTheSame(Backend backend) throws Exception {
        assertThat(trace(backend)).isEqualTo(trace(backend)).isNotEmpty();
    }

    private static String trace(Backend backend) throws Exception {
        Rig rig = new Rig(backend);
        BatchStatus status = rig.ended(rig.batch(5));
        return rig.provider.journal().seen() + status.toString() + rig.answers(status);
    }
}
