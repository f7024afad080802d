package io.pairbatch.api;

import io.pairbatch.claim.SpecCheck;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.time.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says what a job would send and cost, of a table that lies in the bucket. Nothing is sent or written.
public final class Estimates {

    /// What a function of this size surely reads in time, for some judges.
    private static final long MOST_BYTES = 32L << 20;

    /// Compressed, a table is several times as long.
    private static final long MOST_COMPRESSED = 8L << 20;

    /// Leaves a stretch that was begun the time to end before the call must.
    private static final Duration TIME = Duration.ofSeconds(12);

    private final OrderCheck orders;
    private final InboxFiles inbox;
    private final Estimator estimator;
    private final Clock clock;

    /// Reads tables.
    @FunctionalInterface
    public interface Estimator {

        /// What a job of a table sends and costs.
        ///
        /// @param fingerprint of the table's content
        /// @return empty if there was not enough time
        /// @throws io.pairbatch.problem.JobRejectedException when the job would be rejected
        Optional<ObjectNode> of(JobSpec spec, InputFile table, String fingerprint, Deadline until) throws IOException;
    }

    public Estimates(SpecCheck specs, InboxFiles inbox, Estimator estimator, Clock clock) {
        this.orders = new OrderCheck(specs, inbox.bucket());
        this.inbox = inbox;
        this.estimator = estimator;
        this.clock = clock;
    }

    ApiResponse post(ApiRequest request) throws IOException {
        Deadline until = new Deadline(clock.instant().plus(TIME), clock);
        Order order = Order.read(ApiBody.parsed(request));
        Order.Source source = order.source();
        if (source == null) {
            throw ApiException.invalid(
                    List.of(Order.wrong("source", "nothing", "s3://BUCKET/KEY of a table that is there already")));
        }
        orders.allowed(source);
        JobSpec spec = orders.check(order);
        InboxFiles.Stored table = inbox.source(source);
        long most = source.key().endsWith(".gz") ? MOST_COMPRESSED : MOST_BYTES;
        if (table.size() > most) {
            throw new ApiException(
                    ApiCode.API_ESTIMATE_TOO_LARGE, "It has " + table.size() + " bytes; " + most + " at most.");
        }
        InputFile input = new InputFile(
                source.file(), table.size(), offset -> new InTime(inbox.open(source.key(), table, offset), until));
        return ApiResponse.ok(
                200, estimator.of(spec, input, table.etag(), until).orElseThrow(Estimates::tooLong));
    }

    private static ApiException tooLong() {
        return new ApiException(
                ApiCode.API_ESTIMATE_TOO_LARGE, "Reading the table took more than " + TIME.toSeconds() + " seconds.");
    }

    /// A stream that is read in time or not at all, whatever it unpacks to.
    private static final class InTime extends FilterInputStream {

        private final Deadline until;

        InTime(InputStream in, Deadline until) {
            super(in);
            this.until = until;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!until.allows(Duration.ZERO)) {
                throw tooLong();
            }
            return super.read(bytes, offset, length);
        }
    }
}
