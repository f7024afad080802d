package io.pairbatch.provider.http;

import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// How a provider is reached.
///
/// @param sleeper passes the pauses between two attempts
/// @param random scatters them
/// @param deadline when the function ends that calls; no call is left to be cut off by it
public record Network(Transport transport, Sleeper sleeper, RandomGenerator random, Deadline deadline) {

    /// A network whose callers have all the time.
    public Network(Transport transport, Sleeper sleeper, RandomGenerator random) {
        this(transport, sleeper, random, Deadline.NONE);
    }

    /// The network that this machine is on.
    ///
    /// @param trust whose certificates count
    public static Network trusting(Trust trust) {
        return new Network(new JdkTransport(trust), Sleeper.REAL, new SecureRandom());
    }

    /// The same network for a function that ends then.
    public Network until(Deadline end) {
        return new Network(transport, sleeper, random, end);
    }
}
