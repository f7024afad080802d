package io.pairbatch.tests;

import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/// The policies of docs/DEPLOYING.md, filled in for a stack: first the researcher's.
final class Policies {

    private static final Pattern POLICY = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    private Policies() {}

    static List<String> of(TestStack stack) throws IOException {
        return POLICY.matcher(Files.readString(Project.find().root().resolve("docs/DEPLOYING.md")))
                .results()
                .map(match -> match.group(1)
                        .replace("BUCKET", stack.deployment().bucket())
                        .replace("TABLE", stack.deployment().table())
                        .replace("REGION", stack.deployment().region())
                        .replace("ACCOUNT", "000000000000"))
                .toList();
    }
}
