/// The smoke test of a deployed stack: a few small jobs, each of which shows one thing that only a real deployment can
/// show. It uses what users use, and the settings of functions.
@NullMarked
package io.pairbatch.cli.smoke;

import org.jspecify.annotations.NullMarked;
