/// What a job is: its specification, its files, its errors. Uses nothing else of ours.
@NullMarked
package io.pairbatch.job;

import org.jspecify.annotations.NullMarked;
