package io.pairbatch.cli.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is said of the judges of a job; what is said of all of them is said once.
final class JudgeNotices {

    private final Map<String, List<String>> judges = new LinkedHashMap<>();

    void add(String judge, String notice) {
        judges.computeIfAbsent(notice, first -> new ArrayList<>()).add(judge);
    }

    /// Each notice, after the names of those of whom it is said.
    ///
    /// @param all how many judges there are
    List<String> sentences(int all) {
        List<String> sentences = new ArrayList<>();
        judges.forEach((notice, of) ->
                sentences.add(of.size() == all ? notice : "judge " + String.join(", ", of) + ": " + notice));
        return sentences;
    }
}
