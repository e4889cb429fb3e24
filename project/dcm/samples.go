package dcm

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math"

	"hotlight/project"
)

// Samples is what decoding a file gave, for `hotlight decode` and for tests.
type Samples struct {
	Format PixelFormat
	// SamplesAre says what the numbers mean after decoding: the photometric interpretation, since no colour is converted.
	SamplesAre string
	Min, Max   float64 // of all samples written; values that are not a number are left out
	Bytes      int64
	SHA256     project.Hash // of the bytes written
}

// WriteSamples decodes frames (zero-based; none named means all of them) and writes them to w, which may be nil, in the form of DecodeFrame.
// It holds one frame at a time. After an error the bytes written so far are of complete frames.
func (f *File) WriteSamples(w io.Writer, frames ...int) (out Samples, err error) {
	defer recoverTo(&err)
	if err := f.CanDecode(); err != nil {
		return out, err
	}
	p, err := f.PixelFormat()
	if err != nil {
		return out, err
	}
	out = Samples{Format: p, SamplesAre: p.Photometric, Min: math.Inf(1), Max: math.Inf(-1)}
	count := len(frames)
	if count == 0 {
		count = p.Frames
	}
	if w == nil {
		w = io.Discard
	}
	digest := sha256.New()
	var frame []byte
	for i := range count {
		n := i
		if len(frames) > 0 {
			n = frames[i]
		}
		if err := f.holds(n, p); err != nil { // before memory is taken for it
			return out, err
		}
		if frame == nil {
			frame = make([]byte, p.FrameBytes())
		}
		if err := f.DecodeFrame(n, frame); err != nil {
			return out, err
		}
		out.extend(frame)
		digest.Write(frame)
		if _, err := w.Write(frame); err != nil {
			return out, withoutPath(err)
		}
		out.Bytes += int64(len(frame))
	}
	digest.Sum(out.SHA256[:0])
	if out.Min > out.Max {
		out.Min, out.Max = 0, 0
	}
	return out, nil
}

// extend widens Min and Max by the samples of b.
func (s *Samples) extend(b []byte) {
	p, le := s.Format, binary.LittleEndian
	switch width := p.SampleBytes(); {
	case width == 8:
		s.widen(b, 8, func(b []byte) float64 { return math.Float64frombits(le.Uint64(b)) })
	case p.Float:
		s.widen(b, 4, func(b []byte) float64 { return float64(math.Float32frombits(le.Uint32(b))) })
	case width == 4 && p.Signed:
		s.widen(b, 4, func(b []byte) float64 { return float64(int32(le.Uint32(b))) })
	case width == 4:
		s.widen(b, 4, func(b []byte) float64 { return float64(le.Uint32(b)) })
	case width == 2:
		s.widen16(b, p.Signed)
	case p.Signed:
		s.widen(b, 1, func(b []byte) float64 { return float64(int8(b[0])) })
	default:
		s.widen(b, 1, func(b []byte) float64 { return float64(b[0]) })
	}
}

func (s *Samples) widen(b []byte, width int, value func([]byte) float64) {
	for ; len(b) >= width; b = b[width:] {
		v := value(b)
		if v < s.Min {
			s.Min = v
		}
		if v > s.Max {
			s.Max = v
		}
	}
}

// widen16 is widen for the pixels most files have. With the top bit flipped, signed values are in the order of unsigned ones.
func (s *Samples) widen16(b []byte, signed bool) {
	flip, offset := uint16(0), 0.0
	if signed {
		flip, offset = 0x8000, -32768
	}
	low, high := uint16(math.MaxUint16), uint16(0)
	for ; len(b) >= 2; b = b[2:] {
		v := binary.LittleEndian.Uint16(b) ^ flip
		low, high = min(low, v), max(high, v)
	}
	if low <= high {
		s.Min, s.Max = min(s.Min, float64(low)+offset), max(s.Max, float64(high)+offset)
	}
}
