// Package overlay draws what lies on an image: segments filled and outlined, orientation letters, scale bar, crosshair, corner texts.
//
// Everything is drawn at device resolution, after the window; nothing is interpolated. A segment's edge follows its voxels exactly: a pixel
// belongs to a segment when the voxel that holds its centre does. Sizes of furniture are given in design pixels and multiply with Scale.
//
// Words: a Cover is the set of a picture's pixels that one segment holds; an edge is drawn inside it, its casing outside.
// Functions write to the picture they are given and to nothing else; different pictures may be drawn at the same time.
package overlay
