/// The prompt: templates, traits, and filling a template for one pair.
@NullMarked
package io.pairbatch.prompt;

import org.jspecify.annotations.NullMarked;
