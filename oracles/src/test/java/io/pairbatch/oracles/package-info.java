/// Tests against what others wrote: R and pandas, which read our files, the providers' own clients, which say the same
/// on the wire, a validator of JSON Schema, which judges job files, and the JDK's trust in a certification authority.
/// No
/// stack.
@NullMarked
package io.pairbatch.oracles;

import org.jspecify.annotations.NullMarked;
