package dcm

import (
	"github.com/suyashkumar/dicom/pkg/uid"
)

// The transfer syntaxes that are read in full (PS3.5 A).
const (
	ImplicitLittleEndian = "1.2.840.10008.1.2"
	ExplicitLittleEndian = "1.2.840.10008.1.2.1"
	DeflatedLittleEndian = "1.2.840.10008.1.2.1.99"
	ExplicitBigEndian    = "1.2.840.10008.1.2.2"
	RLELossless          = "1.2.840.10008.1.2.5"
	JPEGBaseline         = "1.2.840.10008.1.2.4.50"
	JPEGExtended         = "1.2.840.10008.1.2.4.51"
	JPEGSpectral         = "1.2.840.10008.1.2.4.53"
	JPEGProgressive      = "1.2.840.10008.1.2.4.55"
	JPEGLossless         = "1.2.840.10008.1.2.4.57"
	JPEGLosslessFirst    = "1.2.840.10008.1.2.4.70"
	JPEGLSLossless       = "1.2.840.10008.1.2.4.80"
	JPEGLSNear           = "1.2.840.10008.1.2.4.81"
	JPEG2000Lossless     = "1.2.840.10008.1.2.4.90"
	JPEG2000             = "1.2.840.10008.1.2.4.91"
	HTJ2KLossless        = "1.2.840.10008.1.2.4.201"
	HTJ2KLosslessRPCL    = "1.2.840.10008.1.2.4.202"
	HTJ2K                = "1.2.840.10008.1.2.4.203"
	DeflatedFrame        = "1.2.840.10008.1.2.8.1"
)

// geBigEndianPixels is a private syntax of old GE scanners: implicit little endian, but for the pixels, which are big endian. DCMTK and GDCM read it.
const geBigEndianPixels = "1.2.840.113619.5.2"

// syntaxNames are the names people know; PS3.6's are longer. The library knows the rest.
var syntaxNames = map[string]string{
	ImplicitLittleEndian:      "Implicit VR Little Endian",
	ExplicitLittleEndian:      "Explicit VR Little Endian",
	DeflatedLittleEndian:      "Deflated Explicit VR Little Endian",
	ExplicitBigEndian:         "Explicit VR Big Endian",
	RLELossless:               "RLE Lossless",
	"1.2.840.10008.1.2.1.98":  "Encapsulated Uncompressed Explicit VR Little Endian",
	JPEGBaseline:              "JPEG Baseline (8 bit)",
	JPEGExtended:              "JPEG Extended (12 bit)",
	JPEGSpectral:              "JPEG Spectral Selection, Non-Hierarchical (retired)",
	JPEGProgressive:           "JPEG Full Progression, Non-Hierarchical (retired)",
	JPEGLossless:              "JPEG Lossless",
	JPEGLosslessFirst:         "JPEG Lossless, First-Order Prediction",
	JPEGLSLossless:            "JPEG-LS Lossless",
	JPEGLSNear:                "JPEG-LS Near-Lossless",
	JPEG2000Lossless:          "JPEG 2000 Lossless",
	JPEG2000:                  "JPEG 2000",
	"1.2.840.10008.1.2.4.92":  "JPEG 2000 Part 2 Multi-component Lossless",
	"1.2.840.10008.1.2.4.93":  "JPEG 2000 Part 2 Multi-component",
	"1.2.840.10008.1.2.4.94":  "JPIP Referenced",
	"1.2.840.10008.1.2.4.95":  "JPIP Referenced Deflate",
	"1.2.840.10008.1.2.4.100": "MPEG2 Main Profile / Main Level",
	"1.2.840.10008.1.2.4.101": "MPEG2 Main Profile / High Level",
	"1.2.840.10008.1.2.4.102": "MPEG-4 AVC/H.264 High Profile / Level 4.1",
	"1.2.840.10008.1.2.4.103": "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1",
	"1.2.840.10008.1.2.4.104": "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video",
	"1.2.840.10008.1.2.4.105": "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video",
	"1.2.840.10008.1.2.4.106": "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2",
	"1.2.840.10008.1.2.4.107": "HEVC/H.265 Main Profile / Level 5.1",
	"1.2.840.10008.1.2.4.108": "HEVC/H.265 Main 10 Profile / Level 5.1",
	"1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
	"1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
	"1.2.840.10008.1.2.4.112": "JPEG XL",
	HTJ2KLossless:             "High-Throughput JPEG 2000 Lossless",
	HTJ2KLosslessRPCL:         "High-Throughput JPEG 2000 with RPCL Lossless",
	HTJ2K:                     "High-Throughput JPEG 2000",
	"1.2.840.10008.1.2.4.204": "JPIP HTJ2K Referenced",
	"1.2.840.10008.1.2.4.205": "JPIP HTJ2K Referenced Deflate",
	DeflatedFrame:             "Deflated Image Frame Compression",
	geBigEndianPixels:         "GE Private Implicit VR Big Endian Pixels",
}

// SyntaxName returns the name of a transfer syntax for people: "JPEG 2000 Lossless"; for one that the standard does not know, "unknown transfer syntax".
func SyntaxName(syntax string) string {
	if name, ok := syntaxNames[syntax]; ok {
		return name
	}
	if info, err := uid.Lookup(syntax); err == nil && info.Type == uid.TypeTransferSyntax {
		return info.Name
	}
	return "unknown transfer syntax"
}

// coding is how a data set is written: what the scanner must know.
type coding struct {
	implicit bool
	big      bool
}

// codingOf returns the data set encoding of a transfer syntax. All but the old three are explicit little endian, known or not (PS3.5 A.4).
func codingOf(syntax string) coding {
	switch syntax {
	case ImplicitLittleEndian, geBigEndianPixels:
		return coding{implicit: true}
	case ExplicitBigEndian:
		return coding{big: true}
	}
	return coding{}
}

// decodable reports whether the pixels of syntax are decoded here.
func decodable(syntax string) bool {
	switch syntax {
	case ImplicitLittleEndian, ExplicitLittleEndian, DeflatedLittleEndian, ExplicitBigEndian, geBigEndianPixels:
		return true
	}
	return codecs[syntax].family != 0
}
