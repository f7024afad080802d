package io.pairbatch.infra;

import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.constructs.Node;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The settings that differ between deployments, read once from the CDK context and validated together.
///
/// @param target where the stack runs: `aws` (managed runtime, data retained) or `embedded` (the local emulator)
/// @param stage optional suffix of the stack's name
/// @param tags tags of every resource
/// @param permissionsBoundary ARN of the boundary of every role, if the account requires one
/// @param bucketName name of a bucket that an earlier stack has left, to be adopted; null for a new one
/// @param tableName the same of the registry's table
/// @param java absolute path of the JDK's `java` that runs the functions on the embedded stack
/// @param providers those that the stack has secrets, addresses and rights for
/// @param service default of the stack's parameter that chooses the service used for [Backend#COPIED]
/// @param baseUrls defaults of the stack's parameters `…BaseUrl`
/// @param caCertificates default of the stack's parameter `CaCertificates`: PEM, empty for none
/// @param leaseMarginSeconds how long after a function's deadline its lease on a submission still holds
/// @param absenceGapSeconds minimum time between the two lists that prove that a batch does not exist
/// @param lateWriteSeconds how long after its job was taken away a function may still write
/// @param listsTrusted whether the providers' lists show every batch at once, `true` or `false`
/// @param deniedSeconds how long a provider must keep denying a batch, or a file of results, before it counts
/// @param incompleteSeconds how long files may hold less than the provider counts
/// @param splitterTimeoutSeconds the splitter's time limit; close to it, the split continues in a new call
/// @param functionsZip the package of all functions
/// @param stateMachineFile the workflow's definition
/// @param defaults JSON object with default values for fields that a job does not set
/// @param preflight whether jobs that do not set it send a live request first: `auto` if the provider is called at its
/// own public address, `on`, `off`
/// @param simulated whether the simulator stands in for every provider, `true` or `false`
record Settings(
        Target target,
        @Nullable String stage,
        Map<String, String> tags,
        @Nullable String permissionsBoundary,
        @Nullable String bucketName,
        @Nullable String tableName,
        @Nullable String java,
        Set<Backend> providers,
        String service,
        Map<Backend, String> baseUrls,
        String caCertificates,
        int leaseMarginSeconds,
        int absenceGapSeconds,
        int lateWriteSeconds,
        String listsTrusted,
        int deniedSeconds,
        int incompleteSeconds,
        int splitterTimeoutSeconds,
        Path functionsZip,
        Path stateMachineFile,
        String defaults,
        String preflight,
        String simulated) {

    enum Target {
        AWS,
        EMBEDDED
    }

    /// What a function's environment of 4 KB has left for values that a user chooses, in bytes as JSON.
    static final int MOST_TEXT = 4_096 - 1_470;

    /// What fits there beside the usual addresses.
    static final int LONGEST_CERTIFICATES = 2_500;

    /// Why nothing of the embedded stack demands TLS.
    static final String WITHOUT_TLS =
            "The emulator speaks plain HTTP on the loopback interface only; on AWS the policy demands TLS.";

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final Pattern CERTIFICATE = Pattern.compile(BEGIN + "([A-Za-z0-9+/=\\s]+)" + END);

    private static final JsonMapper JSON = JsonMapper.shared();

    String stackName() {
        return stage == null ? "Pairbatch" : "Pairbatch-" + stage;
    }

    /// The name is fixed, not generated, so that policies can name the machine without a circular reference.
    String stateMachineName() {
        return stackName() + "-pairwise-batch";
    }

    boolean embedded() {
        return target == Target.EMBEDDED;
    }

    /// Whether there are providers that the stack has nothing for.
    boolean leavesOut() {
        return providers.size() < Backend.values().length;
    }

    static Settings fromContext(Node node) {
        Reader reader = new Reader(node);
        Set<Backend> providers = reader.providers();
        Target target = reader.oneOf("target", "aws", "embedded").equals("aws") ? Target.AWS : Target.EMBEDDED;
        Settings settings = new Settings(
                target,
                reader.optional("stage", "[A-Za-z0-9][A-Za-z0-9-]{0,30}"),
                reader.tags(),
                reader.optional("permissionsBoundary", "arn:.+"),
                reader.optional("bucketName", "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                reader.optional("tableName", "[A-Za-z0-9_.-]{3,255}"),
                target == Target.EMBEDDED ? reader.required("java") : null,
                providers,
                reader.text(
                        Backend.COPIED.code() + "Service",
                        Backend.SERVICES.getFirst(),
                        String.join("|", Backend.SERVICES)),
                reader.baseUrls(providers),
                reader.caCertificates(),
                reader.seconds("leaseMarginSeconds", 60, 3_600),
                reader.seconds("absenceGapSeconds", 60, 3_600),
                reader.seconds("lateWriteSeconds", 960, 3_600),
                reader.text("listsTrusted", "false", "true|false"),
                reader.seconds("deniedSeconds", 3_600, 86_400),
                reader.seconds("incompleteSeconds", 86_400, 604_800),
                reader.seconds("splitterTimeoutSeconds", 600, 900),
                reader.file("functionsZip", "functions/target/functions.zip"),
                reader.file("stateMachineFile", "statemachine/pairwise-batch.asl.json"),
                reader.object("defaults"),
                reader.text("preflight", "auto", "auto|on|off"),
                reader.text("simulated", "false", "true|false"));
        reader.checkProviders(settings);
        reader.checkEnvironment(settings);
        reader.refuseIfWrong();
        return settings;
    }

    /// Reads values and collects all problems, so that one run reports them all.
    private static final class Reader {

        private final Node node;
        private final List<String> problems = new ArrayList<>();

        Reader(Node node) {
            this.node = node;
        }

        private @Nullable Object value(String name) {
            Object value = node.tryGetContext(name);
            return value == null || value.equals("") ? null : value;
        }

        @Nullable
        String optional(String name, String pattern) {
            Object value = value(name);
            if (value == null) {
                return null;
            }
            if (!Pattern.matches(pattern, value.toString())) {
                problems.add(name + " is \"" + value + "\", expected " + pattern);
            }
            return value.toString();
        }

        /// Codes that are separated by commas, or a list of the context file.
        Set<Backend> providers() {
            Set<Backend> all = EnumSet.allOf(Backend.class);
            Object value = value("providers");
            if (value == null) {
                return all;
            }
            List<String> named = value instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of(value.toString().split(",", -1));
            List<String> codes = named.stream().map(String::strip).toList();
            Set<Backend> chosen = EnumSet.copyOf(all);
            chosen.removeIf(provider -> !codes.contains(provider.code()));
            if (chosen.isEmpty() || chosen.size() < codes.size()) {
                problems.add("providers is \"" + String.join(",", named) + "\", expected " + Backend.CODES
                        + ", each once and with a comma between two");
                return all;
            }
            return chosen;
        }

        /// What is set for a provider that is left out is a mistake in one of the two.
        void checkProviders(Settings settings) {
            for (Backend provider : Backend.values()) {
                if (!settings.providers().contains(provider)) {
                    leftOut(provider, provider.code() + "BaseUrl");
                    if (provider == Backend.COPIED) {
                        leftOut(provider, provider.code() + "Service");
                    }
                    if (JSON.readTree(settings.defaults())
                            .path("backend")
                            .asString("")
                            .equals(provider.code())) {
                        problems.add("defaults has the backend " + provider.code() + ", which providers leaves out");
                    }
                }
            }
        }

        private void leftOut(Backend provider, String name) {
            if (value(name) != null) {
                problems.add(name + " is set, and providers leaves " + provider.code() + " out");
            }
        }

        Map<Backend, String> baseUrls(Set<Backend> providers) {
            Map<Backend, String> urls = new EnumMap<>(Backend.class);
            for (Backend provider : providers) {
                urls.put(provider, text(provider.code() + "BaseUrl", provider.url(), "https?://\\S+"));
            }
            return urls;
        }

        String text(String name, String fallback, String pattern) {
            String value = optional(name, pattern);
            return value == null ? fallback : value;
        }

        String required(String name) {
            Object value = value(name);
            if (value == null) {
                problems.add(name + " is missing");
                return "";
            }
            return value.toString();
        }

        String oneOf(String name, String first, String second) {
            return text(name, first, Pattern.quote(first) + "|" + Pattern.quote(second));
        }

        int seconds(String name, int fallback, int most) {
            String value = text(name, Integer.toString(fallback), "[0-9]{1,6}");
            int seconds = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : fallback;
            if (seconds >= 1 && seconds <= most) {
                return seconds;
            }
            problems.add(name + " is " + seconds + ", expected seconds from 1 to " + most);
            return fallback;
        }

        Path file(String name, String fallback) {
            Path path = Path.of(text(name, fallback, ".+"));
            if (!Files.isRegularFile(path)) {
                problems.add(name + " is " + path.toAbsolutePath() + ", which is not a file");
            }
            return path;
        }

        /// The certificates of a PEM file, each on its own line.
        String caCertificates() {
            String file = optional("caCertificates", ".+");
            if (file == null) {
                return "";
            }
            try {
                String certificates = CERTIFICATE
                        .matcher(Files.readString(Path.of(file)))
                        .results()
                        .map(found -> BEGIN + found.group(1).replaceAll("\\s", "") + END)
                        .collect(Collectors.joining("\n"));
                if (certificates.isEmpty() || certificates.length() > LONGEST_CERTIFICATES) {
                    problems.add("caCertificates is " + file + ", with certificates of " + certificates.length()
                            + " characters; expected 1 to " + LONGEST_CERTIFICATES);
                    return "";
                }
                return certificates;
            } catch (IOException e) {
                problems.add("caCertificates is " + file + ", which cannot be read");
                return "";
            }
        }

        /// Lambda measures names and values as one JSON object
        /// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
        void checkEnvironment(Settings settings) {
            List<String> texts = new ArrayList<>(settings.baseUrls().values());
            texts.addAll(List.of(settings.defaults(), settings.caCertificates(), settings.service()));
            int bytes = JSON.writeValueAsString(texts).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_TEXT) {
                problems.add("defaults, caCertificates and the base URLs have " + bytes
                        + " bytes together as JSON, expected " + MOST_TEXT
                        + " at most, since a function's environment has 4 KB");
            }
        }

        /// A JSON object as text; the context file may also contain it as an object.
        String object(String name) {
            return JSON.writeValueAsString(parsed(name, new TypeReference<TreeMap<String, Object>>() {}));
        }

        Map<String, String> tags() {
            return parsed("tags", new TypeReference<TreeMap<String, String>>() {});
        }

        private <T> Map<String, T> parsed(String name, TypeReference<? extends Map<String, T>> type) {
            Object value = value(name);
            if (value == null) {
                return new TreeMap<>();
            }
            try {
                return value instanceof String text ? JSON.readValue(text, type) : JSON.convertValue(value, type);
            } catch (JacksonException e) {
                problems.add(name + " is not a JSON object: " + e.getOriginalMessage());
                return new TreeMap<>();
            }
        }

        void refuseIfWrong() {
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("CDK context: " + String.join("; ", problems));
            }
        }
    }
}
