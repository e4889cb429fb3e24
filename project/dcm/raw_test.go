package dcm

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// The functions of this file write bytes by hand, right or wrong, independently of Write.

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func tagBytes(t Tag) []byte {
	return binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, t.Group()), t.Element())
}

// explicitEl is an element of explicit little endian with the length of its value.
func explicitEl(t Tag, vr string, value string) []byte {
	return explicitLen(t, vr, uint32(len(value)), value)
}

// explicitLen declares length, whatever the value has.
func explicitLen(t Tag, vr string, length uint32, value string) []byte {
	b := append(tagBytes(t), vr...)
	if (VR(vr[0])<<8 | VR(vr[1])).is(vrLong) {
		b = binary.LittleEndian.AppendUint32(append(b, 0, 0), length)
	} else {
		b = binary.LittleEndian.AppendUint16(b, uint16(length))
	}
	return append(b, value...)
}

func implicitEl(t Tag, value string) []byte { return implicitLen(t, uint32(len(value)), value) }

func implicitLen(t Tag, length uint32, value string) []byte {
	return append(binary.LittleEndian.AppendUint32(tagBytes(t), length), value...)
}

func u16(v ...uint16) string {
	var b []byte
	for _, n := range v {
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	return string(b)
}

func u32(v uint32) string { return string(binary.LittleEndian.AppendUint32(nil, v)) }

const unknownLength = 0xFFFFFFFF

// item and delimiters have no VR in either encoding.
func itemOf(parts ...[]byte) []byte {
	b := cat(parts...)
	return implicitLen(itemTag, uint32(len(b)), string(b))
}

func openItem(parts ...[]byte) []byte {
	return cat(implicitLen(itemTag, unknownLength, ""), cat(parts...), implicitEl(itemDelim, ""))
}

var endOfSequence = implicitEl(sequenceEnd, "")

// part10 puts preamble, prefix and meta information before a data set.
func part10(syntax string, dataSet ...[]byte) []byte {
	uid := syntax
	if len(uid)%2 == 1 {
		uid += "\x00"
	}
	meta := explicitEl(TransferSyntaxUID, "UI", uid)
	return cat(make([]byte, 128), []byte("DICM"), explicitEl(FileMetaInformationGroupLength, "UL", u32(uint32(len(meta)))), meta, cat(dataSet...))
}

// pixelHeader is the image pixel module of 16-bit unsigned pixels.
func pixelHeader(rows, columns int) []byte {
	return cat(
		explicitEl(SamplesPerPixel, "US", u16(1)), explicitEl(PhotometricInterpretation, "CS", "MONOCHROME2 "),
		explicitEl(Rows, "US", u16(uint16(rows))), explicitEl(Columns, "US", u16(uint16(columns))),
		explicitEl(BitsAllocated, "US", u16(16)), explicitEl(BitsStored, "US", u16(16)), explicitEl(HighBit, "US", u16(15)),
		explicitEl(PixelRepresentation, "US", u16(0)))
}

func readBytes(t testing.TB, b []byte, o Options) (*File, error) {
	t.Helper()
	return Read(bytes.NewReader(b), int64(len(b)), o)
}

func mustRead(t testing.TB, b []byte) *File {
	t.Helper()
	f, err := readBytes(t, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}
