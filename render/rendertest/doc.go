// Package rendertest is the suite that every way of drawing passes: golden pictures with a stated tolerance, and laws.
//
// A backend adds one line to its tests: rendertest.Run(t, rendertest.Suite{New: ..., Tolerance: ...}). Volumes are computed here: a grey-scale ramp,
// a geometry grid with millimetre marks, and a phantom whose letters show which way round it is drawn.
//
// A picture that differs from its golden one is written, with the golden one and their difference, to a temporary folder that the failure
// names. HOTLIGHT_UPDATE_GOLDEN=1 writes new golden pictures; look at them before you commit them.
package rendertest
