// Package selftest repeats published worked examples with this program's own statistics: what a site runs when it qualifies an installation.
//
// A vectors file (schema hotlight.metric-vectors/1) names a metric, its input, the expected numbers, their tolerance and where they come from.
// Those that ship with the program are embedded. Run computes every vector with the same functions that the report uses, and compares number by number.
//
// A vector of a metric, or an expected key, that this program does not know is Unsupported, which is not a pass. The package holds no statistics.
package selftest
