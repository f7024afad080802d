/// What is said of a job that has come to rest: the notification's words, without a text or a prompt.
@NullMarked
package io.pairbatch.announce;

import org.jspecify.annotations.NullMarked;
