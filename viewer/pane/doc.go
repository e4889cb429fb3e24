// Package pane holds what stands round the images: the top bar, the series rail, the tool rail, the options bar, the segments, the status line
// and the sheet of keys.
//
// A pane shows values that it is given and tells which of its controls was used. It keeps no state of the work: the room sets everything again
// after each change, and a pane finds out by itself what of that is new. No pane knows volumes, histories or the house.
package pane
