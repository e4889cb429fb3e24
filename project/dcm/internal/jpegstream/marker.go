package jpegstream

import "fmt"

// The second bytes of the markers that matter here: T.81 table B.1, T.87 C.1.1.
const (
	SOF0  = 0xC0 // frame header: baseline DCT
	SOF1  = 0xC1 // extended sequential DCT
	SOF2  = 0xC2 // progressive DCT
	SOF3  = 0xC3 // lossless
	DHT   = 0xC4 // Huffman tables
	JPG   = 0xC8 // reserved
	DAC   = 0xCC // arithmetic coding conditioning
	SOF15 = 0xCF // the last of T.81
	RST0  = 0xD0 // restart; eight of them take turns
	SOI   = 0xD8 // start of the image
	EOI   = 0xD9 // its end
	SOS   = 0xDA // scan header
	DQT   = 0xDB // quantization tables
	DNL   = 0xDC // number of lines
	DRI   = 0xDD // restart interval
	APP0  = 0xE0 // application data: JFIF
	APP8  = 0xE8 // Hewlett-Packard
	APP14 = 0xEE // Adobe
	SOF55 = 0xF7 // frame header: JPEG-LS
	LSE   = 0xF8 // JPEG-LS parameters

	tem = 0x01 // temporary use in arithmetic coding
)

// processes names what a stream with such a marker is coded with.
var processes = map[byte]string{
	SOF0: "baseline DCT", SOF1: "extended sequential DCT", SOF2: "progressive DCT", SOF3: "lossless coding", 0xC5: "hierarchical coding",
	0xC6: "hierarchical coding", 0xC7: "hierarchical coding", 0xC9: "arithmetic coding", 0xCA: "arithmetic coding", 0xCB: "arithmetic coding",
	DAC: "arithmetic coding", 0xCD: "arithmetic coding", 0xCE: "arithmetic coding", SOF15: "arithmetic coding", 0xDE: "hierarchical coding",
	0xDF: "hierarchical coding", SOF55: "JPEG-LS",
}

// OtherProcess is for the markers that a codec does not read: one that belongs to a coding process is refused by its name with ErrUnsupported, any other
// may be passed over.
func OtherProcess(marker byte) error {
	if name, ok := processes[marker]; ok {
		return fmt.Errorf("%w: %s", ErrUnsupported, name)
	}
	return nil
}
