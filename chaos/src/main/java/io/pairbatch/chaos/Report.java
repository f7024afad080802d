package io.pairbatch.chaos;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The results of many runs.
final class Report {

    private static final int NAMED = 20;

    private final Map<String, Integer> states = new TreeMap<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<Violation.Kind, Integer> violations = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private long lives;
    private long effects;

    /// @param name a seed or a point
    synchronized void add(String name, Life life) {
        lives++;
        effects += life.effects();
        life.faults().forEach((fault, n) -> faults.merge(fault, n, Integer::sum));
        Throwable violation = life.violation();
        if (violation == null) {
            states.merge(life.state(), 1, Integer::sum);
        } else {
            violations.merge(violation instanceof Violation v ? v.kind() : Violation.Kind.PROTOCOL, 1, Integer::sum);
            broken.add(name + ": " + violation);
        }
    }

    synchronized boolean broken() {
        return !broken.isEmpty();
    }

    synchronized List<String> failures() {
        return List.copyOf(broken);
    }

    private int count(Violation.Kind... kinds) {
        int sum = 0;
        for (Violation.Kind kind : kinds) {
            sum += violations.getOrDefault(kind, 0);
        }
        return sum;
    }

    /// `1000 seeds, 0 lost, 0 duplicated, 0 double submissions`, after the faults and the final states of the jobs.
    ///
    /// @param lived what was run: seeds or points
    synchronized void print(String lived, PrintWriter out) {
        faults.forEach((fault, n) -> out.printf("  %-32s %,10d%n", fault, n));
        out.printf("%,d effects; jobs: %s%n", effects, states);
        broken.stream().limit(NAMED).forEach(line -> out.println("FAILED " + line));
        if (broken.size() > NAMED) {
            out.println("and " + (broken.size() - NAMED) + " more");
        }
        int other = count(Violation.Kind.WRONG_WINNER, Violation.Kind.PROTOCOL, Violation.Kind.UNFINISHED);
        out.println(
                lives + " " + lived + ", " + count(Violation.Kind.LOST) + " lost, " + count(Violation.Kind.DUPLICATED)
                        + " duplicated, " + count(Violation.Kind.DOUBLE_SUBMISSION) + " double submissions"
                        + (other == 0 ? "" : ", " + other + " other failures"));
        out.flush();
    }

    synchronized ObjectNode json() {
        ObjectNode json =
                new JsonMapper().createObjectNode().put("lives", lives).put("effects", effects);
        faults.forEach(json.putObject("faults")::put);
        states.forEach(json.putObject("states")::put);
        violations.forEach((kind, n) -> json.withObject("/violations").put(kind.name(), n));
        broken.forEach(json.putArray("failures")::add);
        return json;
    }
}
