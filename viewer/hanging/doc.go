// Package hanging decides what goes where: for an image of a modality and kind, which planes hang in which viewport, with which grey levels.
// It knows no widgets and no pixels; its answers are tested as tables.
//
// Planes follow the image's own grid: the axis nearest to an anatomical direction stands for it. So a slice on the screen is a slice of voxels,
// a disc brush paints exactly what is seen, and a double-oblique scan is not resampled without being asked; the orientation letters tell how
// far it is turned. The plane that was acquired hangs large.
package hanging
