package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/// Measures the time from the start of a function's JVM to the end of its first event, which is a real one: it reads
/// the registry and, except for the failure recorder, the bucket. Prints the table of docs/PERFORMANCE.md; it does not
/// assert any time, because that would depend on the machine's load.
class ColdStartBenchmark {

    private static final int RUNS = 10;
    private static final Pattern COLD = Pattern.compile("\"cold_start_ms\":(\\d+)");

    private final TestStack stack = TestStack.shared();
    private final LambdaClient lambda = stack.lambda();

    @Test
    void everyFunctionHandlesItsFirstEvent() {
        DroppedJob job = DroppedJob.drop("cold", Tables.csv(20), Tables.job(20));
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        Map<String, List<Long>> millis = new LinkedHashMap<>();
        events(job).forEach((function, event) -> {
            millis.put(function, measure(function, event));
        });
        System.out.println("| function | median of " + RUNS + " | fastest | slowest |\n|---|---|---|---|");
        millis.forEach((function, runs) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f s | %.2f s | %.2f s |%n",
                function,
                median(runs) / 1000.0,
                runs.getFirst() / 1000.0,
                runs.getLast() / 1000.0));
    }

    private List<Long> measure(String function, String event) {
        List<Long> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            Functions.kill(function);
            DroppedJob.pause(Duration.ofMillis(200));
            runs.add(coldStart(function, event));
        }
        Collections.sort(runs);
        return runs;
    }

    private static Map<String, String> events(DroppedJob job) {
        String own = "\"owner\": \"%s\", \"job\": {\"job_id\": \"%s\", \"epoch\": %s}"
                .formatted(job.text("owner"), job.id(), job.text("epoch"));
        String dropped = "\"detail\": {\"bucket\": {\"name\": \"%s\"}, \"object\": {\"key\": \"inbox/%s/pairs.csv\"}}"
                .formatted(TestStack.shared().deployment().bucket(), job.folder());
        Map<String, String> events = new LinkedHashMap<>();
        events.put("Splitter", "{\"step\": \"split\", \"owner\": \"cold\", \"input\": {" + dropped + "}}");
        events.put("Poller", "{\"step\": \"poll\", " + own + "}");
        events.put("Collector", "{\"step\": \"collect\", \"segment\": 1, " + own + "}");
        events.put("Merger", "{\"step\": \"merge\", " + own + "}");
        events.put(
                "FailureRecorder", "{\"step\": \"fail\", " + own.replace("\"owner\": \"", "\"owner\": \"not-") + "}");
        events.put(
                "Api",
                "{\"rawPath\": \"/jobs/" + job.id() + "\", \"requestContext\": {\"http\": {\"method\": \"GET\"},"
                        + " \"authorizer\": {\"iam\": {\"userArn\": \"cold\"}}}}");
        return events;
    }

    private long coldStart(String function, String event) {
        String name = lambda.listFunctionsPaginator().functions().stream()
                .filter(f -> f.handler().endsWith("." + function + "Handler"))
                .findFirst()
                .orElseThrow()
                .functionName();
        InvokeResponse response =
                lambda.invoke(r -> r.functionName(name).logType(LogType.TAIL).payload(SdkBytes.fromUtf8String(event)));
        assertThat(response.functionError())
                .as(response.payload().asUtf8String())
                .isNull();
        String log = new String(Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8);
        Matcher matcher = COLD.matcher(log);
        assertThat(matcher.find()).as(log).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static long median(List<Long> sorted) {
        return (sorted.get((RUNS - 1) / 2) + sorted.get(RUNS / 2)) / 2;
    }
}
