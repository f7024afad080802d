/// Live requests ahead of a job, and what follows from them for the rest of it (contract 9.6).
@NullMarked
package io.pairbatch.cli.pilot;

import org.jspecify.annotations.NullMarked;
