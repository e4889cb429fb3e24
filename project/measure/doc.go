// Package measure turns points in the patient and stored values into measurements: numbers with a unit.
//
// It refuses to guess: what is uncalibrated has no millimetres, and a PET value without weight, dose, half-life and correction has no SUV.
// It draws nothing and stores nothing.
package measure
