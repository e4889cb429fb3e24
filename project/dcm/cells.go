package dcm

import "hotlight/project"

// DecodeCells writes frame n into dst as DecodeFrame does, but each sample with all its Bits Allocated, as it lies: neither shifted down nor masked
// to Bits Stored. Old files keep overlay planes in the bits beside the pixel. Compressed syntaxes other than RLE and deflated frames hold no such
// bits: Unsupported.
func (f *File) DecodeCells(n int, dst []byte) (err error) {
	defer recoverTo(&err)
	p, err := f.frameFormat(n)
	if err != nil {
		return err
	}
	if len(dst) != p.FrameBytes() {
		return project.Errorf(project.Invalid, "a frame has %d bytes, %d were given", p.FrameBytes(), len(dst))
	}
	if !f.HasCells() {
		return project.Errorf(project.Unsupported, "transfer syntax %s keeps no bits beside the pixels", SyntaxName(f.Syntax))
	}
	p.BitsStored, p.HighBit, p.Signed = p.BitsAllocated, p.BitsAllocated-1, false
	return f.decode(n, dst, p)
}

// HasCells reports whether the file's pixels can have bits beside those stored, so that DecodeCells has something to give.
func (f *File) HasCells() bool {
	family := codecs[f.Syntax].family
	return !f.pixels.enclosed || family == familyRLE || family == familyDeflate
}
