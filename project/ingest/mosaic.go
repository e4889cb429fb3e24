package ingest

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// tile is one slice of a Siemens mosaic, which lays the slices of a volume side by side in one picture, row by row from the top left.
type tile struct {
	columns, rows int // of the slice
	left, top     int // its first pixel in the picture
	number        int // from 1
}

// size returns the columns and rows of what a frame shows: the whole picture, or its tile.
func (f *frame) size() (columns, rows int) {
	if f.tile != nil {
		return f.tile.columns, f.tile.rows
	}
	return f.of.format.Columns, f.of.format.Rows
}

func (f *frame) tileNumber() int {
	if f.tile == nil {
		return 0
	}
	return f.tile.number
}

// mosaicTiles returns a frame for each slice of a mosaic, placed in the patient, or nil where the file does not say how many there are, which way
// they go and how far apart they are. The orientation is that of every slice; the position is that of the first pixel of a picture as large as the
// mosaic round the first slice's centre.
//
// Source: dcm2niix and nibabel read mosaics this way; enh/mr-mosaic.dcm agrees with both.
func mosaicTiles(d *dcm.DataSet, whole frame) []frame {
	csa := csaHeader(d)
	count := int(number1(csa["NumberOfImagesInMosaic"]))
	if n, ok := d.Int(privateTag(d, 0x0019, "SIEMENS MR HEADER", 0x0a)); ok && count == 0 {
		count = n
	}
	along := csa["SliceNormalVector"]
	spacing, ok := d.Float(dcm.SpacingBetweenSlices)
	side := int(math.Ceil(math.Sqrt(float64(count))))
	p := whole.of.format
	if count < 2 || count > 1<<12 || p.Columns%side != 0 || p.Rows%side != 0 || p.Frames != 1 || len(along) != 3 || !whole.placed || !ok ||
		!(math.Abs(spacing) >= samePositionMM) || math.Abs(spacing) > 1000 || !whole.calibration.sized() {
		return nil
	}
	step := mgl64.Vec3(along)
	normal := whole.row.Cross(whole.column)
	if math.Abs(math.Abs(step.Dot(normal))-1) > 1e-3 || math.Abs(step.Len()-1) > 1e-3 {
		return nil // the slices do not lie behind one another
	}
	columns, rows := p.Columns/side, p.Rows/side
	first := whole.position.
		Add(whole.row.Mul(float64(p.Columns-columns) / 2 * whole.spacing[0])).
		Add(whole.column.Mul(float64(p.Rows-rows) / 2 * whole.spacing[1]))
	out := make([]frame, count)
	for n := range out {
		f := whole
		f.tile = &tile{columns, rows, n % side * columns, n / side * rows, n + 1}
		f.position = volume.Point(mgl64.Vec3(first).Add(normal.Mul(math.Copysign(spacing, step.Dot(normal)) * float64(n))))
		out[n] = f
	}
	return out
}

func number1(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return v[0]
}

// csaHeader reads the numbers of Siemens' own header in its second form ("SV10"): a list of named elements, each with items of text. Nothing outside
// of the value is read, and what does not fit ends the list.
func csaHeader(d *dcm.DataSet) map[string][]float64 {
	raw, _ := d.Bytes(privateTag(d, 0x0029, "SIEMENS CSA HEADER", 0x10))
	if !bytes.HasPrefix(raw, []byte("SV10\x04\x03\x02\x01")) || len(raw) < 16 {
		return nil
	}
	out := map[string][]float64{}
	count := binary.LittleEndian.Uint32(raw[8:])
	rest := raw[16:]
	for range min(count, 1000) {
		if len(rest) < 84 {
			break
		}
		name, _, _ := strings.Cut(string(rest[:64]), "\x00")
		items := binary.LittleEndian.Uint32(rest[76:])
		rest = rest[84:]
		var values []float64
		for range min(items, 1000) {
			if len(rest) < 16 {
				return out
			}
			length := int64(binary.LittleEndian.Uint32(rest[4:]))
			if length > int64(len(rest)-16) {
				return out
			}
			value, _, _ := strings.Cut(string(rest[16:16+length]), "\x00")
			if v, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && finite([]float64{v}) {
				values = append(values, v)
			}
			rest = rest[min(int64(len(rest)), 16+(length+3)/4*4):]
		}
		out[name] = values
	}
	return out
}

// mosaicPicture holds the decoded picture that the tiles of one file are cut from.
type mosaicPicture struct {
	once   sync.Once
	volume *volume.Volume
	err    error
}

// decodeTile cuts the tile of f out of its picture, which is decoded once for all tiles.
func decodeTile(v *volume.Volume, k int, f *frame, o *opened) error {
	p := &o.mosaic
	p.once.Do(func() {
		whole := *f
		whole.tile = nil
		g := volume.Geometry{Size: [3]int{f.of.format.Columns, f.of.format.Rows, 1}, Direction: mgl64.Ident3(), NoPosition: true}
		if p.volume, p.err = volume.New(g, v.Pixel); p.err == nil {
			p.err = decodeSlice(p.volume, 0, &whole, o)
		}
	})
	if p.err != nil {
		return p.err
	}
	if v.Size[0] != f.tile.columns || v.Size[1] != f.tile.rows {
		return project.Errorf(project.Invalid, "the volume is not of the size of a mosaic's slice")
	}
	for y := range f.tile.rows {
		from := (f.tile.top+y)*p.volume.Size[0] + f.tile.left
		copy(sliceBytes(v, v.Offset(0, y, k), f.tile.columns), sliceBytes(p.volume, from, f.tile.columns))
	}
	return nil
}
