/// A job's specification: its fields, each declared once (`JobFields`), and how they are read, validated and written.
@NullMarked
package io.pairbatch.spec;

import org.jspecify.annotations.NullMarked;
