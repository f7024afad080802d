/// Storage for a job's files: a folder on disk, or a prefix in the data bucket.
@NullMarked
package io.pairbatch.store;

import org.jspecify.annotations.NullMarked;
