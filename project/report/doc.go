// Package report builds the concordance and provenance report of a panel of readers: from reads given as data to one model of numbers, and from that
// model to HTML, CSV and JSON that say the same.
//
// Load reads a folder of reads (READS.md is its form) and refuses what it cannot understand. Build computes every number once, with packages metrics and
// panel; it holds no statistics of its own but those that respect patients with several units. Write lays the model out. The same input
// gives the same bytes: there is no clock, no random order, and the bootstrap's seed is the definition's.
//
// A Number carries its id, value, status, how many units and patients it stands on, what was left out and why, its interval with the method's name, and its definition. What is
// undefined is a status, never 0 or 1. With fewer studies or patients than the definition's min_cases_for_ci (ten) nothing is judged.
//
// Words: the panel is the readers whose reads count; the reference is what a reader is held against: an external truth where the input
// has one, else the panel's own consensus, and the report says which. A unit is what a number counts: a study, a pair of marks, a lesion.
//
// Besides project, volume and segmentation it uses its neighbours definition, export, ingest, metrics, panel and selftest.
package report
