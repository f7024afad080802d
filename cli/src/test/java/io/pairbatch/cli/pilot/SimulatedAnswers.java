package io.pairbatch.cli.pilot;

import io.pairbatch.provider.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.judge.Judge;
import io.pairbatch.simulator.judge.JudgeSettings;
import io.pairbatch.simulator.judge.PromptText;
import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Answers with the tokens that the simulator's judge gives a pair, live as in a batch.
class SimulatedAnswers implements BatchProvider {

    private final Judge judge;
    private final boolean thinks;

    SimulatedAnswers(long seed, boolean thinks, Path data) throws IOException {
        this.judge = new Judge(seed, new JudgeSettings(null, 1, 0, 0, 0, 0, Map.of()), data);
        this.thinks = thinks;
    }

    @Override
    public LiveAnswer ask(LiveRequest request, Duration timeout) {
        ByteBuffer bytes = request.object("body");
        JsonNode body =
                Json.MAPPER.readTree(StandardCharsets.UTF_8.decode(bytes).toString());
        String prompt = PromptText.of(body.path("instructions"), body.path("messages"), body.path("input"));
        Judge.Verdict verdict = judge.judge(prompt, request.model(), Asked.alone("openai"), new Dice(0));
        long input = Usage.tokens(prompt);
        long output = (thinks ? verdict.thought() : 0) + Usage.tokens(verdict.answer());
        Answer.Tokens tokens = new Answer.Tokens(input, output, input + output, null, null, null);
        Answer answer =
                new Answer(null, null, null, 200, null, null, null, null, verdict.answer(), tokens, null, null, null);
        return new LiveAnswer.Answered(answer, "", "");
    }

    @Override
    public Duration fileLife() {
        throw notAsked();
    }

    @Override
    public String upload(String fileName, long bytes, Body body) {
        throw notAsked();
    }

    @Override
    public CreateOutcome create(NewBatch batch, Duration timeout) {
        throw notAsked();
    }

    @Override
    public BatchStatus retrieve(String batchId) {
        throw notAsked();
    }

    @Override
    public void list(Instant since, BatchVisitor visitor) {
        throw notAsked();
    }

    @Override
    public InputStream download(String fileId) {
        throw notAsked();
    }

    private static AssertionError notAsked() {
        return new AssertionError("a pilot makes no batch");
    }
}
