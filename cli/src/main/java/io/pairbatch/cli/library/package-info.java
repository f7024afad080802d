/// The stack's library of templates and traits: what is built in and what is registered in the bucket.
@NullMarked
package io.pairbatch.cli.library;

import org.jspecify.annotations.NullMarked;
