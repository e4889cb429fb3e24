// Package panel is the work of several readers on one study: who may see what, how far they agree, and what the rule of the project makes of it.
//
// View is the only gate to others' reads. ResolveCase applies the rules of a definition to all that the reads of a case hold, and says what goes to the adjudicator; Resolve,
// ResolveAnswers and ResolveMeasurement do it for one class, question or number: labels by vote, masks by
// union, intersection, majority, STAPLE, SIMPLE or shape-based averaging, instances by matching them across readers, measurements by median. Each result
// names its inputs by digest, the rule and the version, and says agreed or disputed with the reasons.
//
// What cannot be decided is Undecided, never background and never the first of the list: a tie, a missing reader whom the rule wants, a number that a
// gate needs and that is not there. Undecided goes to the adjudicator. Results do not hang on the order of the readers.
//
// The package decides nothing about the state of a case (project.Case) and computes no statistics: surface distances of the gates, and the pairing of marks, are those of
// package metrics.
package panel
