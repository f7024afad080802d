/// The stack's library of templates and traits: the built-in ones and those registered in the bucket.
@NullMarked
package io.pairbatch.cli.library;

import org.jspecify.annotations.NullMarked;
