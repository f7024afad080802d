package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.EvaluationResult;

/// Every documented command that talks to a stack, by users who have the policies of docs/DEPLOYING.md and nothing
/// else. The emulator enforces policies as AWS does, but for what S3 answers about files that are not there.
@Tag("long")
class ResearcherIT {

    private static final Path HOME = Project.find().root();
    private static final Pattern COMMANDS = Pattern.compile("`([a-z-]+)`");
    private static final String REFUSED = "refused access";

    private static final TestStack STACK = TestStack.shared();
    private static final List<AccessKey> KEYS = new ArrayList<>();

    private final Set<String> ran = new TreeSet<>();

    @TempDir
    private Path folder;

    private int call;

    /// The first may do what a researcher does, the second that and what only few may.
    @BeforeAll
    static void users() throws IOException {
        try (IamClient iam = STACK.iam()) {
            List<String> policies = Policies.of(STACK);
            assertThat(policies).hasSize(2);
            for (int user = 1; user <= policies.size(); user++) {
                String name = "researcher-" + user;
                iam.createUser(r -> r.userName(name));
                for (int i = 0; i < user; i++) {
                    String policy = policies.get(i);
                    String id = "policy-" + i;
                    iam.putUserPolicy(r -> r.userName(name).policyName(id).policyDocument(policy));
                }
                KEYS.add(iam.createAccessKey(r -> r.userName(name)).accessKey());
            }
        }
    }

    @AfterAll
    static void noUsers() throws IOException {
        try (IamClient iam = STACK.iam()) {
            for (AccessKey key : KEYS) {
                iam.deleteAccessKey(r -> r.userName(key.userName()).accessKeyId(key.accessKeyId()));
                for (String id :
                        iam.listUserPolicies(r -> r.userName(key.userName())).policyNames()) {
                    iam.deleteUserPolicy(r -> r.userName(key.userName()).policyName(id));
                }
                iam.deleteUser(r -> r.userName(key.userName()));
            }
        }
    }

    /// Those that the first paragraph of docs/COMMANDS.md lists.
    private static Set<String> documented() throws IOException {
        String text = Files.readString(HOME.resolve("docs/COMMANDS.md"));
        Matcher sentence = Pattern.compile("beginning of it\\.\\s*(.*?) talk to the", Pattern.DOTALL)
                .matcher(text);
        assertThat(sentence.find()).isTrue();
        return new TreeSet<>(COMMANDS.matcher(sentence.group(1))
                .results()
                .map(found -> found.group(1))
                .toList());
    }

    @Test
    void aFileThatIsNotThereIsToldFromAMissingRight() throws IOException {
        try (IamClient iam = STACK.iam()) {
            assertThat(iam.simulateCustomPolicy(r -> r.policyInputList(first())
                                    .actionNames("s3:ListBucket")
                                    .resourceArns(
                                            "arn:aws:s3:::" + STACK.deployment().bucket()))
                            .evaluationResults())
                    .as("S3 answers 404 only to who may list, in a request without a prefix")
                    .singleElement()
                    .extracting(EvaluationResult::evalDecisionAsString)
                    .isEqualTo("allowed");
        }
    }

    private static String first() {
        try {
            return Policies.of(STACK).getFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyDocumentedCommandRunsWithTheDocumentedPolicy() throws Exception {
        Path essays = HOME.resolve("examples/essays");
        for (String file : List.of("job.json", "pairs.csv")) {
            Files.copy(essays.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("template.txt"), "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}");
        Files.writeString(
                folder.resolve("short.csv"),
                String.join(
                        "\n", Files.readAllLines(folder.resolve("pairs.csv")).subList(0, 5)));

        // What a researcher may not do.
        assertThat(run(0, 4, "traits", "register", "clarity", "--description", "How clear it is."))
                .contains(REFUSED);

        run(1, 0, "traits", "register", "clarity", "--description", "How clear it is.");
        run(1, 0, "templates", "register", "mine", "template.txt");
        for (String shelf : List.of("traits", "templates")) {
            allowed(shelf, "list");
        }
        allowed("traits", "show", "clarity");
        allowed("templates", "show", "mine");

        allowed(
                "run",
                "pairs.csv",
                "--yes",
                "--allow-losses",
                "--name",
                "rights",
                "--set",
                "limit=30",
                "--set",
                "run=" + System.nanoTime() % 1_000_000,
                "--set",
                "trait_name=clarity",
                "--set",
                "trait_description=null",
                "--set",
                "prompt_template=mine");
        String job = jobOf("rights");
        for (String command : List.of("watch", "results", "cost", "doctor")) {
            allowed(command, job);
        }
        // The keys are nobody's to read here, which is no problem.
        assertThat(run(0, 0, "doctor")).contains("No problems found.");
        allowed("jobs");
        allowed("continue", job, "--limit", "60", "--allow-losses");
        allowed("retry", job, "--codes", "all", "--allow-losses");
        allowed("reread", job, "--tag-mode", "exact", "--allow-losses");
        allowed("collect-again", job, "1", "--allow-losses");
        // They are refused, but by the stack.
        for (String[] refused :
                new String[][] {{"cancel", job}, {"recover", job}, {"resolve", job, "1"}, {"give-up", job, "1", "--yes"}
                }) {
            allowed(refused);
        }
        allowed("rerun", "results/" + job + "/summary.json", "pairs.csv", "--yes", "--allow-losses", "--run", "1");
        Files.writeString(
                folder.resolve("jobs_registry.csv"),
                "segment_index,provider,model,batch_id\n1,openai,gpt-4.1,batch_nobody\n");
        allowed("rescue", "jobs_registry.csv", "--pairs", "short.csv", "--n-segments", "1", "--no-wait");

        assertThat(run(0, 4, "delete", job, "--yes", "--record", "d0.json")).contains(REFUSED);
        run(1, 0, "delete", job, "--yes", "--record", "d1.json");
        run(1, 0, "traits", "remove", "clarity");
        run(1, 0, "templates", "remove", "mine");

        assertThat(ran).containsAll(documented());
    }

    private String jobOf(String name) throws IOException {
        Matcher id = Pattern.compile(name + "-[0-9a-f]{8}").matcher(Files.readString(said(call)));
        assertThat(id.find()).isTrue();
        return id.group();
    }

    /// By a researcher; whatever comes of it, no right was missing.
    private void allowed(String... arguments) throws IOException, InterruptedException {
        assertThat(run(0, 5, arguments)).doesNotContain(REFUSED);
    }

    private String run(int user, int most, String... arguments) throws IOException, InterruptedException {
        ran.add(arguments[0]);
        List<String> command = new ArrayList<>(List.of(HOME.resolve("pairbatch").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--stack", "Pairbatch"));
        call++;
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said(call).toFile());
        Map<String, String> environment = builder.environment();
        environment.put("AWS_ENDPOINT_URL", String.valueOf(STACK.deployment().endpoint()));
        environment.put("AWS_REGION", STACK.deployment().region());
        environment.put("AWS_ACCESS_KEY_ID", KEYS.get(user).accessKeyId());
        environment.put("AWS_SECRET_ACCESS_KEY", KEYS.get(user).secretAccessKey());
        environment.put("PAIRBATCH_SKIP_BUILD", "1");
        int code = builder.start().waitFor();
        String text = Files.readString(said(call));
        assertThat(code).as(String.join(" ", command) + "\n" + text).isBetween(0, most);
        return text;
    }

    private Path said(int number) {
        return folder.resolve("said-" + number);
    }
}
