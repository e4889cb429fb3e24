// Package jpegtest is the suite that every JPEG decoder passes, and makes the headers of the streams that its tests need.
//
// A decoder's tests call Refuses with streams that are wrong in its own ways, Fuzz behind their seeds, and Benchmark for each kind of picture. The package is
// for tests alone.
package jpegtest
