/// What the providers' APIs have in common over HTTP: requests, responses, errors, TLS, and the effect of faults.
@NullMarked
package io.pairbatch.simulator.http;

import org.jspecify.annotations.NullMarked;
