// Package metrics computes how well readers agree, with each other and with a reference: numbers and masks in, numbers out.
//
// Every number is a Result: value, status, how many units it stands on and how many were left out and why, an interval, and the names of
// the method and of the definition. What is undefined is a Status and the value NaN, never 0 or 1: a kappa of readers who only ever said
// one thing, a Dice of two empty masks, a sensitivity without one diseased case. Whoever averages counts these apart.
//
// A number without its definition is not comparable. Surface distances have three named definitions (SurfelArea, VoxelFace, VoxelFull) and
// HD95 two (of the directed percentiles, of the pooled distances); weighted kappa uses the declared scale, not the levels that happened to occur.
//
// The package reads no files, knows no people and no rules of consensus, resamples nothing and judges nothing: no bands of "good" agreement,
// no verdicts. Masks on different grids are an error. Intervals by resampling take patients as the unit and a seed, and give the same bits each time.
//
// Words: a unit is what is rated (a study, a lesion, a measurement); a rating is one reader's value for it, NaN when there is none. A Scale is the
// declared levels in order. The reference is the mask or label that the test is held against; where neither is better, the order only names them.
//
// All functions may be called from several goroutines; inputs are read only. Sources stand at each function, worked examples in project/selftest.
package metrics
