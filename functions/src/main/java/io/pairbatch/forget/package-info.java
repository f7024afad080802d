/// Forgetting: what the provider holds of a job, and everything of a job. Nothing is deleted at the provider before it
/// lies in S3, or the job as a whole is to go.
@NullMarked
package io.pairbatch.forget;

import org.jspecify.annotations.NullMarked;
