// Package voi turns values into grey: VOI window functions, inversion, lookup tables for stored integers, presets, and the automatic window.
//
// A VOI works on rescaled values (Hounsfield units, SUV, counts); modality rescale is done once, by ingest. Grey is 0 (black) to
// 255 (white). Nothing here knows planes or pictures. A VOI is a plain value; every function may be called from several goroutines.
package voi
