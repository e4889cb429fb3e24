package ingest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"testing"

	"hotlight/project/dcm"
)

// enclosed returns the file of d in a compressed syntax, with the frames as its pixel data, a fragment each.
func enclosed(t testing.TB, d *dcm.DataSet, syntax string, frames ...[]byte) []byte {
	t.Helper()
	d.Delete(dcm.PixelData)
	plain := encode(t, d)
	meta := int(binary.LittleEndian.Uint32(plain[140:]))
	body := plain[144+meta:]
	if len(syntax)%2 == 1 {
		syntax += "\x00"
	}
	var b bytes.Buffer
	b.Write(make([]byte, 128))
	b.WriteString("DICM\x02\x00\x00\x00UL\x04\x00")
	binary.Write(&b, binary.LittleEndian, uint32(8+len(syntax)))
	b.WriteString("\x02\x00\x10\x00UI")
	binary.Write(&b, binary.LittleEndian, uint16(len(syntax)))
	b.WriteString(syntax)
	b.Write(body)
	b.WriteString("\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\x00\x00\x00\x00")
	for _, f := range frames {
		if len(f)%2 == 1 {
			f = append(bytes.Clone(f), 0)
		}
		b.WriteString("\xfe\xff\x00\xe0")
		binary.Write(&b, binary.LittleEndian, uint32(len(f)))
		b.Write(f)
	}
	b.WriteString("\xfe\xff\xdd\xe0\x00\x00\x00\x00")
	return b.Bytes()
}

// greyJPEG is a baseline JPEG of 8 x 8 grey pixels.
func greyJPEG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
