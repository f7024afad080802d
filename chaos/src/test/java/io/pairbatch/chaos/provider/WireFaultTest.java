package io.pairbatch.chaos.provider;

import static io.pairbatch.chaos.provider.EveryProviderTest.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Fault.Broken;
import io.pairbatch.chaos.provider.Fault.Cut;
import io.pairbatch.chaos.provider.Fault.Gateway;
import io.pairbatch.chaos.provider.Fault.Instead;
import io.pairbatch.chaos.provider.Fault.Progress;
import io.pairbatch.chaos.provider.Fault.Refuse;
import io.pairbatch.chaos.provider.Fault.Slow;
import io.pairbatch.chaos.provider.Fault.Spoil;
import io.pairbatch.chaos.provider.Fault.Spoiled;
import io.pairbatch.chaos.provider.Fault.Unready;
import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each fault once, as the client handles it.
class WireFaultTest {

    private static Rig rig(Backend backend) {
        return new Rig(backend, new Judge(7), Limits.USUAL, 2).course(QUICK);
    }

    private static CreateOutcome create(Rig rig, Fault fault) throws RefusedException {
        byte[] lines = rig.lines(1, 3);
        String file = rig.upload(lines);
        rig.fault(Operation.CREATE, fault);
        return rig.create(file, lines, "token-1");
    }

    private static int created(Rig rig) {
        return rig.provider.batches().size();
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalCreatesNothing(Backend backend) throws Exception {
        Rig rig = rig(backend);
        assertThat(create(rig, new Refuse(Trouble.RATE_LIMIT, Duration.ofSeconds(40))))
                .isInstanceOfSatisfying(CreateOutcome.Refused.class, refused -> {
                    assertThat(refused.reason().kind()).isEqualTo(Kind.LATER);
                    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(40));
                });
        assertThat(created(rig)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void eachTroubleIsRecognised(Backend backend) throws Exception {
        for (Trouble trouble : Trouble.values()) {
            Rig rig = rig(backend);
            CreateOutcome outcome = create(rig, new Refuse(trouble));
            Kind kind = outcome instanceof CreateOutcome.Refused refused
                    ? refused.reason().kind()
                    : null;
            Kind expected = switch (trouble) {
                case BAD_KEY, NO_PERMISSION, NO_CREDIT -> Kind.KEY;
                case SPENDING_CAP -> backend == Backend.ANTHROPIC ? Kind.LATER : Kind.KEY;
                case RATE_LIMIT -> Kind.LATER;
                case NOT_FOUND -> Kind.NOT_FOUND;
                case BAD_REQUEST, TOO_LARGE -> Kind.REQUEST;
                case CONFLICT, TIMEOUT, SERVER_ERROR, OVERLOADED -> null;
            };
            assertThat(kind).as(trouble.name()).isEqualTo(expected);
            assertThat(created(rig)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGatewaysPageLeavesACreateInDoubt(Backend backend) throws Exception {
        for (int status : new int[] {401, 403, 404, 502, 503}) {
            Rig rig = rig(backend);
            assertThat(create(rig, new Gateway(status))).isInstanceOf(CreateOutcome.InDoubt.class);
            assertThat(created(rig)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLostResponseLeavesABatch(Backend backend) throws Exception {
        for (Fault fault : new Fault[] {
            new Broken(Progress.DONE, false),
            new Broken(Progress.DONE, true),
            new Instead(new Gateway(502)),
            new Instead(new Refuse(Trouble.SERVER_ERROR)),
            new Cut(0.5, false),
            new Cut(0.5, true)
        }) {
            Rig rig = rig(backend);
            assertThat(create(rig, fault)).as("%s", fault).isInstanceOf(CreateOutcome.InDoubt.class);
            assertThat(created(rig)).as("%s", fault).isOne();
            assertThat(rig.provider.bills()).isEmpty();
            rig.clock.sleep(Duration.ofHours(1));
            assertThat(rig.provider.bills()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenConnectionBeforeTheEndOfTheRequestCreatesNothing(Backend backend) throws Exception {
        for (Progress progress : new Progress[] {Progress.UNSENT, Progress.HALF_SENT, Progress.SENT}) {
            Rig rig = rig(backend);
            CreateOutcome outcome = create(rig, new Broken(progress, false));
            if (outcome instanceof CreateOutcome.Refused refused) {
                // Anthropic's client knows how much of the body was read.
                assertThat(progress).isNotEqualTo(Progress.SENT);
                assertThat(refused.reason().code()).isEqualTo("not_sent");
            } else {
                assertThat(outcome).isInstanceOf(CreateOutcome.InDoubt.class);
            }
            rig.clock.sleep(Duration.ofHours(1));
            assertThat(created(rig)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatHangsTakesItsTimeout(Backend backend) throws Exception {
        Rig rig = rig(backend);
        Duration before = rig.clock.passed();
        assertThat(create(rig, new Broken(Progress.SENT, true))).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(rig.clock.passed().minus(before)).isEqualTo(Rig.TIMEOUT);
        assertThat(created(rig)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aLateCreateIsCarriedOutAfterItsSenderHasGivenUp(Backend backend) throws Exception {
        Rig rig = rig(backend);
        assertThat(create(rig, new Slow(Duration.ofMinutes(5)))).isInstanceOf(CreateOutcome.InDoubt.class);
        assertThat(rig.listed()).isEmpty();
        assertThat(rig.provider.nextEvent()).isEqualTo(VirtualClock.START.plus(Duration.ofMinutes(5)));
        rig.clock.sleep(Duration.ofMinutes(6));
        assertThat(rig.listed()).hasSize(1);
        assertThat(rig.provider.batches().iterator().next().createdAt())
                .isEqualTo(VirtualClock.START.plus(Duration.ofMinutes(5)));
    }

    @ParameterizedTest
    @EnumSource
    void aSlowResponseIsStillAResponse(Backend backend) throws Exception {
        Rig rig = rig(backend);
        assertThat(create(rig, new Slow(Duration.ofSeconds(20)))).isInstanceOf(CreateOutcome.Created.class);
        assertThat(rig.clock.passed()).isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @EnumSource
    void aSenderThatIsKilledWhileItWaitsHasSentItsRequest(Backend backend) throws Exception {
        Rig rig = rig(backend);
        byte[] lines = rig.lines(1, 3);
        String file = rig.upload(lines);
        rig.fault(Operation.CREATE, new Slow(Duration.ofSeconds(20)));
        rig.clock.kill(true);
        assertThatThrownBy(() -> rig.create(file, lines, "t")).isInstanceOf(AssertionError.class);
        rig.clock.kill(false);
        rig.clock.sleep(Duration.ofMinutes(1));
        assertThat(created(rig)).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void safeRequestsAreRepeated(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(3);
        rig.fault(Operation.RETRIEVE, new Broken(Progress.DONE, false), Fault.NONE, new Gateway(503), Fault.NONE);
        assertThat(rig.client.retrieve(id).id()).isEqualTo(id);
        assertThat(rig.client.retrieve(id).id()).isEqualTo(id);
        rig.fault(Operation.LIST, new Broken(Progress.SENT, true), Fault.NONE);
        assertThat(rig.listed()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aGatewaysPageProvesNothingAboutABatch(Backend backend) throws Exception {
        Rig rig = rig(backend);
        String id = rig.batch(3);
        rig.fault(Operation.RETRIEVE, new Gateway(404));
        assertThat(rig.client.retrieve(id).id()).as("requested again").isEqualTo(id);
        rig.fault(Operation.RETRIEVE, new Refuse(Trouble.NOT_FOUND));
        assertThat(rig.client.retrieve(id).state()).isEqualTo(BatchState.GONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "GEMINI"})
    void anUploadSucceedsWhateverBreaks(Backend backend) throws Exception {
        byte[] lines = new Rig(backend).lines(1, 3);
        for (Progress progress : Progress.values()) {
            for (boolean hangs : new boolean[] {false, true}) {
                Rig rig = rig(backend);
                rig.fault(Operation.UPLOAD, new Broken(progress, hangs), Fault.NONE, new Broken(progress, hangs));
                String file = rig.upload(lines);
                assertThat(rig.create(file, lines, "t")).isInstanceOf(CreateOutcome.Created.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "GEMINI"})
    void aFileThatIsNotReadyRefusesItsBatch(Backend backend) throws Exception {
        Rig rig = rig(backend);
        byte[] lines = rig.lines(1, 3);
        Fault unready = new Unready(Duration.ofMinutes(10), false);
        if (backend == Backend.GEMINI) {
            // The second request of an upload carries the file; the client waits for half a minute.
            rig.fault(Operation.UPLOAD, Fault.NONE, unready);
            assertThatThrownBy(() -> rig.upload(lines)).isInstanceOf(RetryableException.class);
        } else {
            rig.fault(Operation.UPLOAD, unready);
            String file = rig.upload(lines);
            assertThat(rig.create(file, lines, "t")).isInstanceOf(CreateOutcome.Refused.class);
            rig.clock.sleep(Duration.ofMinutes(10));
            assertThat(rig.create(file, lines, "t")).isInstanceOf(CreateOutcome.Created.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "GEMINI"})
    void aFileThatIsNotReadyAtValidationIsReportedAsSuch(Backend backend) throws Exception {
        Rig rig = rig(backend);
        byte[] lines = rig.lines(1, 3);
        Fault unready = new Unready(Duration.ofMinutes(10), true);
        rig.fault(Operation.UPLOAD, backend == Backend.GEMINI ? Fault.NONE : unready, unready);
        CreateOutcome outcome = rig.create(rig.upload(lines), lines, "t");
        BatchStatus status = rig.ended(((CreateOutcome.Created) outcome).batchId());
        assertThat(status.state()).isEqualTo(BatchState.NO_FILE);
    }

    private static String download(Rig rig, Fault fault) throws RefusedException, IOException {
        BatchStatus status = rig.ended(rig.batch(8));
        rig.fault(Operation.DOWNLOAD, fault);
        try (InputStream in = rig.client.download(Objects.requireNonNull(status.outputFileId()))) {
            return Json.text(in.readAllBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatEndsEarlyIsNotABody(Backend backend) {
        Rig rig = rig(backend);
        assertThatThrownBy(() -> download(rig, new Cut(0.5, false))).isInstanceOf(IOException.class);
        Duration before = rig.clock.passed();
        assertThatThrownBy(() -> download(rig, new Cut(0.5, true))).isInstanceOf(HttpTimeoutException.class);
        assertThat(rig.clock.passed().minus(before)).isGreaterThan(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @EnumSource
    void aDownloadMayBeDamaged(Backend backend) throws Exception {
        assertThat(download(rig(backend), new Spoiled(Spoil.DOUBLED, 0)).lines())
                .hasSize(16);
        assertThat(download(rig(backend), new Spoiled(Spoil.MISSING, 3)).lines())
                .hasSize(5);
        assertThat(download(rig(backend), new Spoiled(Spoil.FOREIGN, 3)).lines().filter(line -> line.contains("task-")))
                .hasSize(3);
        assertThat(download(rig(backend), new Spoiled(Spoil.MALFORMED, 3))
                        .lines()
                        .filter(line -> !line.endsWith("}")))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedFileStaysDamaged(Backend backend) throws Exception {
        Rig rig = rig(backend).course(QUICK.spoiling(new Spoiled(Spoil.MISSING, 2)));
        assertThat(download(rig, Fault.NONE).lines()).hasSize(6);
        assertThat(download(rig, Fault.NONE).lines()).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource
    void nothingGoesWrongWithAHealedProvider(Backend backend) throws Exception {
        Rig rig = rig(backend).fault(Operation.CREATE, new Gateway(502));
        rig.provider.heal();
        rig.batch(2);
        assertThat(created(rig)).isOne();
    }
}
