/// What judgements of pairs say: a ranking, how sure it is, and whether the judges can be believed.
///
/// ```java
/// Judgements judgements = new Judgements();
/// new JudgementReader(judgements, JudgementReader.JUDGE).read(Path.of("judgements.csv.gz"));
/// Analysis analysis = Analysis.of(judgements, 1);
/// analysis.ranking().places(); // from the best item on
/// ```
@NullMarked
package io.pairbatch.analysis;

import org.jspecify.annotations.NullMarked;
