/// A job as a client sees it: drops its files, reads the registry, follows it, and fetches and recounts its results.
@NullMarked
package io.pairbatch.cli.job;

import org.jspecify.annotations.NullMarked;
