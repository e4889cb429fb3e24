// Package viewport is one image on screen: a Fyne widget that shows what a renderer drew, turns the mouse and the wheel into patient
// millimetres, and draws the brush's ring.
//
// A viewport never computes while painting. Whatever changes asks its worker for a new picture; the worker draws the newest request only,
// into one of three buffers of exactly the size in device pixels, and hands it over on the interface thread. While the image moves it may be
// cut at half resolution; 100 ms after the last move it is cut in full.
//
// The viewport knows where it looks (Camera) and what it shows (Content). It does not know which tool is chosen, which segment is painted, or
// what the other viewports do: that is the Room's, which it asks and tells.
package viewport
