package dcm

import (
	"bytes"
	"compress/flate"
	"testing"
)

// testdataFiles are the small files of testdata, one reason each.
func testdataFiles(t testing.TB) map[string][]byte {
	slice := testSlice(16, 12)
	packed12 := testHeader(4, 5)
	bits(16, 12, 11, 1)(packed12)
	packed12.Set(PixelData, OW, []byte(u16(0, 1, 0x7FF, 0x800, 0xFFF, 0xF001, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)))
	segment := testHeader(3, 5)
	bits(1, 1, 0, 0)(segment)
	segment.Set(NumberOfFrames, IS, 2).Set(PixelData, OB, []byte{0b10110101, 0b01100110, 0b11010010, 0b00001111})
	rgb := testHeader(2, 3)
	colour("RGB", 0)(rgb)
	rgb.Set(PixelData, OB, []byte{255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	planar := testHeader(2, 3)
	colour("RGB", 1)(planar)
	planar.Set(PixelData, OB, []byte{255, 0, 0, 1, 4, 7, 0, 255, 0, 2, 5, 8, 0, 0, 255, 3, 6, 9})
	half := testHeader(2, 4)
	colour("YBR_FULL_422", 0)(half)
	half.Set(PixelData, OB, []byte{10, 11, 128, 129, 12, 13, 130, 131, 14, 15, 132, 133, 16, 17, 134, 135})
	nested := testHeader(1, 1)
	nested.Set(PerFrameFunctionalGroupsSequence, SQ, NewDataSet().Set(FrameContentSequence, SQ, NewDataSet().Set(DimensionIndexValues, UL, 1, 2)), NewDataSet()).
		Set(PixelData, OW, []byte(u16(5)))

	implicitRest := cat(implicitEl(0x00091001, string(itemOf(implicitEl(0x00091002, "x ")))), implicitEl(PatientName, "Phantom "))
	strange := cat(part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", `\ISO 2022 IR 87`), modality, number,
		explicitEl(PatientName, "PN", "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"), explicitEl(0x00091001, "UN", string(itemOf(implicitEl(0x00091002, "x ")))),
		cat(tagBytes(0x00101010), []byte("ZZ\x00\x00\x04\x00\x00\x00abcd")), pixelHeader(2, 2), explicitEl(PixelData, "OW", u16(1, 2, 3, 4))), []byte{1, 2, 3})
	big := []byte("\x00\x02\x00\x28\x00\x02US\x00\x02\x00\x01\x00\x28\x00\x04CS\x00\x0CMONOCHROME2 \x00\x28\x00\x10US\x00\x02\x00\x01\x00\x28\x00\x11US\x00\x02\x00\x02\x00\x28\x01\x00US\x00\x02\x00\x10" +
		"\x00\x28\x01\x01US\x00\x02\x00\x10\x00\x28\x01\x02US\x00\x02\x00\x0F\x00\x28\x01\x03US\x00\x02\x00\x01\x7F\xE0\x00\x10OW\x00\x00\x00\x00\x00\x04\xFF\xFE\x01\x02")[2:]
	var deflated bytes.Buffer
	w, err := flate.NewWriter(&deflated, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(cat(modality, number, pixelHeader(2, 2), explicitEl(PixelData, "OW", u16(1, 2, 3, 4))))
	w.Close()
	lossless := stream(t, "jpegll/testdata/grey12-sv4.ljpeg")
	return map[string][]byte{
		"explicit.dcm":      written(t, slice, ExplicitLittleEndian),
		"implicit.dcm":      written(t, slice, ImplicitLittleEndian),
		"rle.dcm":           written(t, slice, RLELossless),
		"signed-12.dcm":     written(t, packed12, ExplicitLittleEndian),
		"bits.dcm":          written(t, segment, ExplicitLittleEndian),
		"rgb.dcm":           written(t, rgb, ExplicitLittleEndian),
		"rgb-rle.dcm":       written(t, rgb, RLELossless),
		"rgb-planar.dcm":    written(t, planar, ExplicitLittleEndian),
		"ybr-422.dcm":       written(t, half, ExplicitLittleEndian),
		"nested.dcm":        written(t, nested, ExplicitLittleEndian),
		"bare.dcm":          cat(implicitEl(Modality, "CT"), implicitRest),
		"strange.dcm":       strange,
		"big-endian.dcm":    part10(ExplicitBigEndian, big),
		"deflated.dcm":      part10(DeflatedLittleEndian, deflated.Bytes()),
		"fragments.dcm":     rleFile(2, "", make([]byte, 64), []byte("not RLE ")),
		"jpeg.dcm":          part10("1.2.840.10008.1.2.4.50", modality, pixelHeader(2, 2), explicitLen(PixelData, "OB", unknownLength, ""), itemOf(), itemOf([]byte("\xff\xd8\xff\xd9")), endOfSequence),
		"jpeg-422.dcm":      compressedFile(JPEGBaseline, colour8, 1, "", "", stream(t, "jpeg/testdata/ybr8-422.jpg")),
		"jpeg-lossless.dcm": compressedFile(JPEGLossless, grey12, 2, "", "", lossless[:100], lossless[100:], lossless[:40], lossless[40:]),
		"jpeg-ls.dcm":       compressedFile(JPEGLSLossless, grey12, 1, u32(0), "", stream(t, "jpegls/testdata/grey12.jls")),
	}
}
