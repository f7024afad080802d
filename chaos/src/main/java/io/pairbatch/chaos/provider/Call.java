package io.pairbatch.chaos.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.http.Transport.Connection;
import java.time.Instant;

/// A request as faults see it, before it is sent.
///
/// @param id of the batch or file that its path names; empty for none
/// @param key in the request; empty for none
/// @param connection the connection it is sent on
public record Call(Backend backend, Operation operation, String id, String key, Connection connection, Instant at) {}
