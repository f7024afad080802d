/// What a job is: its specification, its files, its errors. Of ours it uses `backend` alone.
@NullMarked
package io.pairbatch.job;

import org.jspecify.annotations.NullMarked;
