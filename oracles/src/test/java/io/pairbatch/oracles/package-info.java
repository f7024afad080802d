/// Tests against software by others: R and pandas, which read our files, the providers' own clients, which send the
/// same requests, a JSON Schema validator, which checks job files, and the JDK's trust in a certificate authority.
/// Needs no stack.
@NullMarked
package io.pairbatch.oracles;

import org.jspecify.annotations.NullMarked;
