package io.pairbatch.chaos.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Fault.Progress;
import io.pairbatch.provider.http.Transport;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A provider's batch API on the wire, in memory and in virtual time. One caller at a time.
///
/// A request that was sent is carried out, whatever happens to its sender.
public abstract class Provider implements Transport {

    /// The timeout for opening a connection, as in our transport.
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Backend backend;
    private final Setup setup;
    private final Keys keys = new Keys();
    private final Lies lies = new Lies();
    private final Journal journal = new Journal();
    private final Batches batches = new Batches(lies);
    private final PriorityQueue<Late> late =
            new PriorityQueue<>(Comparator.comparing((Late one) -> one.due).thenComparingLong(one -> one.number));
    private final Set<String> retired = new HashSet<>();
    private long serial;
    private int open;

    /// A request that has not arrived yet.
    private static final class Late {

        private final Instant due;
        private final long number;
        private final Inbound request;
        private @Nullable Answer answer;

        Late(Instant due, long number, Inbound request) {
            this.due = due;
            this.number = number;
            this.request = request;
        }
    }

    Provider(Backend backend, Setup setup) {
        this.backend = backend;
        this.setup = setup;
    }

    /// Which provider it is.
    public final Backend backend() {
        return backend;
    }

    public final Setup setup() {
        return setup;
    }

    /// Its accounts.
    public final Keys keys() {
        return keys;
    }

    /// Its false data.
    public final Lies lies() {
        return lies;
    }

    /// From now on nothing goes wrong any more: no faults, no lies.
    public final void heal() {
        lies.heal(now());
    }

    /// What was requested and done so far.
    public final Journal journal() {
        settle();
        return journal;
    }

    /// All batches that were ever created, oldest first, including deleted ones.
    public final Collection<Batch> batches() {
        settle();
        return batches.all();
    }

    /// How many times each custom_id was billed so far, in all of our batches and in live requests.
    public final Map<String, Integer> bills() {
        Map<String, Integer> bills = new LinkedHashMap<>();
        for (Batch batch : batches()) {
            if (!batch.foreign()) {
                batch.billed(now(), setup.judge()).forEach(item -> bills.merge(item.customId(), 1, Integer::sum));
            }
        }
        return bills;
    }

    /// Creates another user's batch in a project.
    public final Batch plant(String project, String model, int requests) {
        return plant(Foreign.of(project, model, requests));
    }

    /// Creates another user's batch.
    public final Batch plant(Foreign foreign) {
        settle();
        List<Item> items = new ArrayList<>();
        for (int i = 1; i <= foreign.requests(); i++) {
            String prompt = "Summarise report " + i + ".";
            items.add(new Item(foreign.ids() + i, new Dice(i).with(prompt).state(), foreign.model(), prompt, null));
        }
        return plant(foreign, items);
    }

    /// Creates a batch that a job of ours will take over, as the R package does.
    ///
    /// @param requests their ids and prompts; a prompt without text is one that the provider refuses
    public final Batch adopted(String project, String model, Map<String, String> requests) {
        settle();
        List<Item> items = new ArrayList<>();
        requests.forEach((id, prompt) -> items.add(new Item(
                id,
                new Dice(items.size() + 1L).with(prompt).state(),
                model,
                prompt,
                prompt.isEmpty() ? new Batch.Problem("invalid_request", "content is missing", null, 0) : null)));
        return plant(Foreign.adopted(project, model, items.size()), items);
    }

    /// Removes a model, as if it had never existed.
    public final void retire(String model) {
        retired.add(model);
    }

    /// Whether the model exists.
    final boolean serves(String model) {
        return isOurs(model) && !retired.contains(model);
    }

    /// Whether a name is one of this provider's models.
    abstract boolean isOurs(String model);

    /// When the next delayed request will arrive, or the next batch will end; null if nothing is left.
    public final @Nullable Instant nextEvent() {
        Instant next = late.isEmpty() ? null : late.element().due;
        for (Batch batch : batches.all()) {
            Instant end = batch.endsAt();
            if (end.isAfter(now()) && (next == null || end.isBefore(next))) {
                next = end;
            }
        }
        return next;
    }

    /// The number of responses whose bodies were neither read to the end nor closed.
    public final int unclosed() {
        return open;
    }

    @Override
    public final Reply send(HttpRequest request, Connection connection, Deadline end) throws IOException {
        settle();
        Inbound head = Inbound.head(request, setup.baseUrl(), now());
        Duration timeout = request.timeout()
                .orElseThrow(() -> new IllegalStateException("a request without a timeout may hang for ever"));
        Call call = new Call(backend, operation(head), id(head), key(head), connection, now());
        Fault fault = lies.healed(now()) ? Fault.NONE : setup.faults().next(call);
        return switch (fault) {
            case Fault.None none ->
                reply(call, end, fault, perform(head.with(Intake.whole(request)).at(now())));
            case Fault.Spoiled spoiled -> reply(call, end, fault, perform(whole(head, fault)));
            case Fault.Unready unready -> reply(call, end, fault, perform(whole(head, fault)));
            case Fault.Cut cut -> reply(call, end, fault, perform(whole(head, fault)));
            case Fault.Instead instead -> {
                Inbound whole = whole(head, fault);
                perform(whole);
                yield reply(call, end, fault, refusal(instead.answer()));
            }
            case Fault.Refuse refuse -> {
                Intake.whole(request);
                yield reply(call, end, fault, refusal(refuse));
            }
            case Fault.Gateway page -> {
                Intake.whole(request);
                yield reply(call, end, fault, refusal(page));
            }
            case Fault.Slow slow -> slow(head, call, end, slow, timeout);
            case Fault.Broken broken -> throw broken(head, call, broken, timeout);
        };
    }

    private Inbound whole(Inbound head, Fault fault) throws IOException {
        byte[] body = Intake.whole(head.request());
        return head.with(body).with(fault).at(now());
    }

    /// Carries out a request at its time, and answers.
    private Answer perform(Inbound request) {
        settle();
        return carryOut(request);
    }

    private Answer carryOut(Inbound request) {
        try {
            return answer(request);
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private Reply slow(Inbound head, Call call, Deadline end, Fault.Slow slow, Duration timeout) throws IOException {
        Inbound whole = whole(head, Fault.NONE);
        Late one = new Late(now().plus(slow.delay()), serial++, whole);
        late.add(one);
        if (slow.delay().compareTo(timeout) >= 0) {
            setup.clock().sleep(timeout);
            throw timedOut(call, slow);
        }
        setup.clock().sleep(slow.delay());
        settle();
        if (one.answer == null) {
            throw new IllegalStateException("the clock did not move on by " + slow.delay());
        }
        return reply(call, end, slow, one.answer);
    }

    private IOException broken(Inbound head, Call call, Fault.Broken broken, Duration timeout) throws IOException {
        switch (broken.progress()) {
            case UNSENT -> {}
            case HALF_SENT -> half(head.with(Intake.half(head.request())).at(now()));
            case SENT -> Intake.whole(head.request());
            case DONE -> perform(whole(head, Fault.NONE));
        }
        if (broken.hangs()) {
            boolean connects = broken.progress() == Progress.UNSENT && timeout.compareTo(CONNECT_TIMEOUT) > 0;
            setup.clock().sleep(connects ? CONNECT_TIMEOUT : timeout);
            return timedOut(call, broken);
        }
        journal.add(new Journal.Seen(call, broken, "reset"));
        return new IOException(
                broken.progress() == Progress.UNSENT
                        ? "Connection refused"
                        : "HTTP/1.1 header parser received no bytes");
    }

    private HttpTimeoutException timedOut(Call call, Fault fault) {
        journal.add(new Journal.Seen(call, fault, "timeout"));
        return new HttpTimeoutException("request timed out");
    }

    private Answer refusal(Fault fault) {
        return switch (fault) {
            case Fault.Refuse refuse -> refusal(refuse.trouble(), refuse.retryAfter());
            case Fault.Gateway page -> Answer.gateway(page.status());
            default -> throw new IllegalArgumentException("no answer: " + fault);
        };
    }

    private Answer refusal(Trouble trouble, Duration retryAfter) {
        Answer words = words(trouble);
        if (retryAfter.isZero()) {
            return words;
        }
        Map<String, String> headers = new LinkedHashMap<>(words.headers());
        headers.put("retry-after", Long.toString(retryAfter.toSeconds()));
        return new Answer(words.status(), headers, words.body());
    }

    private Reply reply(Call call, Deadline deadline, Fault fault, Answer answer) {
        journal.add(new Journal.Seen(call, fault, Integer.toString(answer.status())));
        byte[] body = answer.body();
        boolean cut = fault instanceof Fault.Cut && body.length > 0;
        int end = cut
                ? (int) Math.min(body.length - 1L, (long) (body.length * ((Fault.Cut) fault).fraction()))
                : body.length;
        boolean stalls = fault instanceof Fault.Cut some && some.stalls();
        Map<String, List<String>> headers = answer.headers().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
        headers.put("content-length", List.of(Integer.toString(body.length)));
        open++;
        return new Reply(
                answer.status(),
                HttpHeaders.of(headers, (name, value) -> true),
                new WireBody(body, end, stalls, setup.clock(), deadline, () -> open--));
    }

    /// Carries out the requests that have arrived by now.
    private void settle() {
        while (!late.isEmpty() && !late.element().due.isAfter(now())) {
            Late one = late.remove();
            one.answer = carryOut(one.request.at(one.due));
        }
    }

    final Instant now() {
        return setup.clock().now();
    }

    /// A separate random source, a new one for each call.
    final Dice fresh(String what) {
        return new Dice(setup.seed()).with(what).with(serial++);
    }

    /// The operation of a request.
    abstract Operation operation(Inbound head);

    /// The batch or file that a request names; empty for none.
    abstract String id(Inbound head);

    /// The key that a request carries; empty for none.
    abstract String key(Inbound head);

    /// Carries out a request.
    ///
    /// @throws Refusal to refuse it
    abstract Answer answer(Inbound request);

    /// A refusal in the provider's format.
    abstract Answer words(Trouble trouble);

    /// Creates another user's batch.
    abstract Batch plant(Foreign foreign, List<Item> items);

    /// Keeps what arrived of a request that broke off in the middle of its body; most providers keep nothing.
    void half(Inbound request) {
        // Half a body is not a request.
    }

    final Refusal refused(Trouble trouble) {
        return new Refusal(words(trouble));
    }

    /// The project of a request.
    final String project(Inbound request) {
        String project = keys.project(key(request), request.at());
        if (project == null) {
            throw refused(Trouble.BAD_KEY);
        }
        return project;
    }

    /// Creates a batch, and records it.
    ///
    /// @param lifetime after which it expires
    /// @param problems for which it fails validation
    final Batch add(
            String id,
            Instant at,
            Batch.Origin origin,
            List<Item> items,
            Duration lifetime,
            List<Batch.Problem> problems) {
        Course drawn = course(origin.model(), items.size(), new Dice(setup.seed()).with(id));
        Batch batch = new Batch(id, at, origin, items, drawn, lifetime, lies, problems);
        batches.add(batch);
        journal.add(new Journal.Entry(
                at, Operation.CREATE, origin.key(), id, origin.fileId(), batch.metadata(), items, origin.foreign()));
        return batch;
    }

    /// The future of a new batch.
    Course course(String model, int requests, Dice dice) {
        return setup.courses().course(model, requests, dice);
    }

    /// Records an entry about one batch or file.
    final void note(Inbound request, Operation operation, String batchId, String fileId, List<Item> items) {
        journal.add(new Journal.Entry(request.at(), operation, key(request), batchId, fileId, Map.of(), items, false));
    }

    /// A batch as the provider sees it.
    ///
    /// @param gone the response for an unknown batch
    final Batch batch(Inbound request, String id, Answer gone) {
        return batches.find(id, project(request), key(request), request.at(), gone);
    }

    /// Refuses to return results that are unavailable for a while.
    final void checkResults(Batch batch, Instant at, Answer gone) {
        if (batch.forgotten(at) || lies.tells(Lie.RESULTS_UNKNOWN, batch, at)) {
            throw new Refusal(gone);
        }
        if (lies.tells(Lie.RESULTS_UNKNOWN_TO_GATEWAY, batch, at)) {
            throw new Refusal(Answer.gateway(404));
        }
    }

    /// The requested page of the list of the project's batches.
    ///
    /// @param last ID from the previous page; empty for the first page
    /// @param limit requested number of entries
    /// @param astray the response if there is no such ID
    final Batches.Page page(Inbound request, String last, int limit, Refusal astray) {
        String project = project(request);
        if (!keys.mayList(key(request)) || lies.tells(Lie.NO_LIST, request.at())) {
            throw refused(Trouble.NO_PERMISSION);
        }
        List<Batch> listed = batches.listed(project, key(request), request.at());
        int size = Math.min(limit, setup.limits().page());
        return batches.page(listed, last, size, request.at()).orElseThrow(() -> astray);
    }

    /// The requested number of entries of a list, 20 by default.
    ///
    /// @param refused the response to anything but a number from 1 to `most`
    static int limit(Inbound request, int most, Function<String, Refusal> refused) {
        String given = request.query().getOrDefault("limit", "20");
        try {
            int limit = Integer.parseInt(given);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Refused below, like any other invalid number.
        }
        throw refused.apply(given);
    }

    /// Whether the project's queue has no room for this many more requests.
    final boolean isFull(String project, int more, Instant at) {
        return batches.open(project, at) + more > setup.limits().openRequests();
    }
}
