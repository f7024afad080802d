/// What is said of a job that has come to rest: the notification's words, without a text or a prompt. Uses `registry`,
/// `job`.
@NullMarked
package io.pairbatch.announce;

import org.jspecify.annotations.NullMarked;
