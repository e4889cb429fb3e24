// Package tool holds the tools as state machines over millimetres: window, pan, zoom, scroll, crosshair, brush and eraser.
//
// A viewport turns the mouse into Pointers and offers itself as a Host; a tool answers a press, the moves after it and the release by asking
// the Host to change the view, or by extending a stroke. No tool knows Fyne, pixels of the screen, or files; each is tested without a display.
//
// Words: a Pointer is where the mouse is, both on the picture (in units, which are pixels at scale 1) and in the patient; a Stroke is one
// painting drag, which becomes one change in the journal when it ends.
package tool
