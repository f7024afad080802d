/// Deletion: a job's data at the provider, and everything of a job. Data is deleted at the provider only when it is in
/// S3 or when the whole job is deleted.
@NullMarked
package io.pairbatch.forget;

import org.jspecify.annotations.NullMarked;
