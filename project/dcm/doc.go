// Package dcm reads DICOM files that it does not trust and writes new DICOM objects.
//
// Reading is this package's own: every length is checked against what is left of the file, nesting has a limit, and nothing is allocated that
// the size of the file does not justify. What DCMTK or pydicom read with a warning is read here with a project.Warning; what cannot be read is
// one error that names the element or the offset and the reason, never a value. No bytes make it panic.
//
// Open and Read give a File: its data set, and its pixels frame by frame as stored values (before rescale and before any table). Reading
// with HeaderOnly touches no pixels and is meant for folders of thousands of files.
//
// Transfer syntaxes whose pixels are decoded: implicit and explicit little endian, explicit big endian, GE's private one with big endian pixels, deflated, RLE, deflated frames, JPEG
// (baseline, extended, progressive, lossless), JPEG-LS, JPEG 2000 and HTJ2K. Each codec is a package of its own below this one; what those of
// JPEG share, their errors among it, is internal/jpegstream. Every other syntax is refused by its name when pixels are asked for; the header can be read all the same. What happens where a JPEG stream and its data set disagree is written
// in jpeg.go and jpeg2000.go. DecodeFrameReduced gives a first, smaller picture of a large JPEG 2000 or HTJ2K frame.
//
// Writing goes through github.com/suyashkumar/dicom, of which this package is the sole user: it also gives the dictionary of value
// representations. A new object is a DataSet filled with Set and written by Write. A source file is never rewritten.
//
// Words are DICOM's (PS3.5): an element has a tag, a value representation (VR) and a value; a sequence holds items; an item is a data
// set of its own. A frame is one image of an instance. Stored values are what the pixel data say after decompression.
package dcm
