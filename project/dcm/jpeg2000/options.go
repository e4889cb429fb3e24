package jpeg2000

import "image"

// Options are how a picture is decoded. The zero value decodes all of it, on one core, and fails on any damage.
type Options struct {
	// Reduce leaves out so many of the highest resolutions: each halves width and height, rounded up.
	Reduce int
	// Region is the part of the picture that is wanted, in pixels of the full resolution from its upper left corner. The empty rectangle means all. What
	// comes out are the samples whose coordinates, reduced, lie in it.
	Region image.Rectangle
	// Workers is how many goroutines may decode code-blocks of the picture. Up to 1 means the caller's own. For many pictures it is better to decode each on
	// a goroutine of its own.
	Workers int
	// Partial asks for what can be decoded of a damaged stream: the picture comes back together with the error. What is missing is zero before the
	// colour transform and the level shift.
	Partial bool
	// Done ends decoding with ErrStopped soon after it is closed: before the next code-block. Nil is never closed.
	Done <-chan struct{}
	// MaxSamples limits the samples of all components that are decoded, whatever the stream declares. Zero means 16777216 and 2048 more for each byte of
	// the stream, which no picture with anything on it comes near.
	MaxSamples int64
}

// Image is a decoded picture.
type Image struct {
	Header     Header
	Components []Plane
}

// Plane has the samples of one component, row by row.
type Plane struct {
	X, Y          int // where the first sample lies in the component at this resolution; 0 without a Region
	Width, Height int
	Precision     int // bits of a sample
	Signed        bool
	Samples       []int32 // nil if Precision is more than 26
	Deep          []int64 // instead of Samples, if Precision is more than 26
}
