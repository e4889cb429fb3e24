// Package render is scene in, pixels out: Scene says what a picture shows, a Backend draws it.
//
// It knows volumes and segmentations, and nothing of windows on a desktop, of people or of files. Its parts: voi turns values into grey, mpr cuts
// planes, overlay draws segments and furniture, soft is the reference that defines every pixel, rendertest is the suite that every way of
// drawing passes. Measurements and exports never come from here but from mpr.Values.
package render
