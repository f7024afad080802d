package io.pairbatch.provider.http;

import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;

/// Puts requests on the wire. Each goes out once: nothing below repeats one.
public interface Transport {

    /// Sends a request and gives the answer as soon as its head is there. The request's own timeout ends at the head;
    /// reads of the body that get nothing for a minute fail, and so does every read once `end` has come.
    ///
    /// @param end by when the body is to be read
    /// @throws IOException when no answer came; whether the request arrived is then unknown
    Reply send(HttpRequest request, Connection connection, Deadline end) throws IOException;

    /// Which connection a request goes out on.
    enum Connection {
        /// Any that is open.
        POOLED,
        /// One that is opened for it: one from the pool may be dead already, which would look like a lost answer.
        OWN
    }

    /// An answer; closing its body lets the connection go.
    record Reply(int status, HttpHeaders headers, InputStream body) {}
}
