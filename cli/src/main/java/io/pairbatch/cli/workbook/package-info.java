/// Excel workbooks as tables: the first sheet of an `.xlsx` file, written as CSV.
@NullMarked
package io.pairbatch.cli.workbook;

import org.jspecify.annotations.NullMarked;
