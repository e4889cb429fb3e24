// Package volume is the voxel grid and its place in the patient: Geometry, Volume and Plane, and all coordinate mathematics.
//
// A voxel index is (i, j, k) = (column, row, slice), zero-based, a whole number being a voxel's centre. A Point is millimetres in the DICOM
// patient system: +x to the patient's left, +y to the back, +z to the head (LPS). Index and Point are distinct types and convert only
// through a Geometry.
//
// It reads no files and draws nothing. Vectors and matrices are mathgl's mgl64.
package volume
