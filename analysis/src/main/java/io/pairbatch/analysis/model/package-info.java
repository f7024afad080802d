/// The Bradley–Terry model: what is connected and separated, abilities, and how sure they are.
@NullMarked
package io.pairbatch.analysis.model;

import org.jspecify.annotations.NullMarked;
