// Package phantom computes a CT of a trunk that nobody has: the demo study, and the input of tests and benchmarks.
//
// The anatomy is a set of implicit surfaces in patient millimetres (DICOM LPS): each structure has a signed distance, negative inside, and a
// rule that turns distance and place into Hounsfield units. Structures are painted in order, each with the share of the voxel that it
// covers, so boundaries lie where they are meant to be to a fraction of a voxel. Nothing is stored: one seed gives one patient and one noise, on
// any grid, axial or oblique. Tissue belongs to the patient, noise to the grid.
//
// Truth answers for every point what lies there, without noise, so tests can compare, and the demo can paint.
//
// The patient is made up, lies on the back with arms raised, head first, in the portal venous phase after contrast. The middle of the
// trunk, in front of the tenth thoracic vertebra, is (0, 0, 0). It is drawn to look like a CT, not to be measured like one: dose, beam
// hardening and anatomy in its details are not modelled.
//
// Besides project and volume it uses its neighbours dcm, to write DICOM files, and segmentation, for masks.
package phantom
