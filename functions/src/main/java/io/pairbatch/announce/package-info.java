/// Notifications about ended jobs, without a text or a prompt.
@NullMarked
package io.pairbatch.announce;

import org.jspecify.annotations.NullMarked;
