/// A job's specification: its fields, each declared once (`JobFields`), how they are read, checked and written.
@NullMarked
package io.pairbatch.spec;

import org.jspecify.annotations.NullMarked;
