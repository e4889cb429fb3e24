package jpeg2000

import (
	"fmt"
	"math"
	"unsafe"
)

// Header is what a stream says of itself in its main header. Tiles may have parameters of their own, which is rare.
type Header struct {
	Width, Height int // of the image area on the reference grid: of a component that is not subsampled
	Components    []Component
	Reversible    bool // all components: the 5/3 wavelet without quantisation; whether the stream is complete only its decoding shows
	Transform     bool // the first three components are coded as RCT or ICT; they are decoded to what they were
	HT            bool // has code-blocks of Part 15
	Tiles         int
	Resolutions   int // of the component with the fewest: Options.Reduce must be less
	Layers        int
	Progression   string // LRCP, RLCP, RPCL, PCRL or CPRL
	JP2           bool   // wrapped in a JP2 file
	ColourSpace   int    // EnumCS of the JP2 wrapper (16 sRGB, 17 grey, 18 sYCC), 0 if it says none
	Palette       bool   // the JP2 wrapper has a palette; it is not applied
}

// Component is one component of a picture.
type Component struct {
	Width, Height int
	Precision     int // bits of a sample, 1 to 38
	Signed        bool
	DX, DY        int // its samples' distance on the reference grid
}

const headerBytes = int(unsafe.Sizeof(Component{})) // for each component

// ReadHeader reads the main header of a codestream or JP2 file. It needs only the front of it.
func ReadHeader(data []byte) (Header, error) {
	var s stream
	room := roomFor(data)
	return s.open(data[:int(min(uint64(len(data)), math.MaxUint32))], &room)
}

// open reads the main header of data, a codestream or JP2 file.
func (s *stream) open(data []byte, room *budget) (Header, error) {
	if uint64(len(data)) > math.MaxUint32 {
		return Header{}, fmt.Errorf("%w: a stream of more than 4 GB", ErrUnsupported)
	}
	box, b, err := unwrap(data)
	if err != nil {
		return Header{}, err
	}
	if err := s.mainHeader(b, room); err != nil {
		return Header{}, err
	}
	return s.header(box), nil
}

// header sums up the main header.
func (s *stream) header(box wrapper) Header {
	h := Header{
		Width: s.size.x1 - s.size.x0, Height: s.size.y1 - s.size.y0, Reversible: true, HT: s.ht, Tiles: s.size.tilesX * s.size.tilesY,
		Transform: s.part1.transform && len(s.size.components) >= 3, Layers: s.part1.layers, Resolutions: 33, JP2: box.jp2, ColourSpace: box.colourSpace, Palette: box.palette,
	}
	h.Progression = [...]string{"LRCP", "RLCP", "RPCL", "PCRL", "CPRL"}[s.part1.progression]
	h.Components = make([]Component, len(s.size.components))
	var none parameters // of a tile
	for n, c := range s.size.components {
		area := s.size.area(c)
		h.Components[n] = Component{area.width(), area.height(), int(c.precision), c.signed, int(c.dx), int(c.dy)}
		coding := s.codingOf(n, &none)
		h.Reversible = h.Reversible && coding.reversible
		h.HT = h.HT || coding.style&styleHT != 0
		h.Resolutions = min(h.Resolutions, coding.levels+1)
	}
	return h
}
