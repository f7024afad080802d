/// Samples on disk, and the table of pairs that is made of them.
@NullMarked
package io.pairbatch.cli.samples;

import org.jspecify.annotations.NullMarked;
