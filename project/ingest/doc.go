// Package ingest turns a folder of files into studies, series and volumes: it scans, groups, orders slices by their position, says what a
// reader must know (Warnings), and loads the pixels of one volume in parallel.
//
// Scan reads headers only and never fails because of a file: what cannot be used is listed with a reason. Load allocates a volume, returns at
// once and fills it from the viewed slice outwards. Files stay where they are and are never written.
//
// Geometry comes from Image Position and Image Orientation alone and is computed in package volume. Millimetres are never guessed: without
// a pixel size, lengths are in pixels and the image says so. Neighbours: dcm (tags and samples), volume, measure (SUV).
//
// Words: a Series holds Images; an Image is what one viewport can show, a volume, a stack of planes, a single picture or a cine. A Slice is
// one frame of one file. Several phases, echoes, b values, orientations or matrix sizes in one series give several Images.
package ingest
