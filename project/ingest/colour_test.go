package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// coloured is a colour file of shared/data and the digest of its first frame as RGB. within is how far a level may be from DCMTK's, -1 where DCMTK
// does not read the file.
var coloured = []struct {
	file   string
	within int
	digest string
}{
	{"2d/OBXXXX1A_2frame.dcm", 0, "f27736ea1acb75cbd77cc44bdf061c884774d5dfaab52429152f950a19a1bde8"},
	{"2d/OBXXXX1A_rle_2frame.dcm", 0, "f27736ea1acb75cbd77cc44bdf061c884774d5dfaab52429152f950a19a1bde8"},
	{"2d/SC_rgb_32bit.dcm", -1, "169e619557b12114a7f0be8602026e9abb3d5045804311736ec14cecb026aca9"},
	{"2d/SC_rgb_expb_16bit_2frame.dcm", 0, "169e619557b12114a7f0be8602026e9abb3d5045804311736ec14cecb026aca9"},
	{"2d/SC_rgb_rle_16bit_2frame.dcm", 0, "169e619557b12114a7f0be8602026e9abb3d5045804311736ec14cecb026aca9"},
	{"2d/SC_rgb_small_odd.dcm", 0, "ef2df252ba3cd066405c4dd121d0efea1341083ae2f676e1f4c844b5a4838cb8"},
	{"2d/SC_rgb_small_odd_jpeg.dcm", 2, "f750a80478763f97d94bbd9caeaee3dd1e16794fe9a95da34a991bfb7c42d4f5"},
	{"2d/SC_ybr_full_uncompressed.dcm", 2, "ddb100d8f45a7fbf420e8ce5d1b376a5479f068c5109daac31eb982f662d228f"},
	{"2d/US-PAL-8-10x-echo.dcm", 0, "b5bf273656788ac7f6d8959e74e818417aff7b992bec770f7bef2bbece4a23f1"},
	{"2d/US-RGB-8-epicard.dcm", 0, "8457b45fa7997df4e9d7350cc4d5e0b9ee83110b9f677ff08cf636893e540293"},
	{"2d/US-RGB-8-esopecho.dcm", 0, "4631a14e915f1a7f27d30fb4cd2c4418e592a26008b61a29221641dc6e97c8b2"},
	{"2d/YBR_422.dcm", 1, "8abcb325f74c3b88b425c50386ca417531cdfa7d6cd3d1e727539c62a18aa1f6"},
	{"2d/color-pl.dcm", 0, "4631a14e915f1a7f27d30fb4cd2c4418e592a26008b61a29221641dc6e97c8b2"},
	{"2d/color-px.dcm", 0, "4631a14e915f1a7f27d30fb4cd2c4418e592a26008b61a29221641dc6e97c8b2"},
	{"2d/examples_palette.dcm", 0, "322156a65198e9bee9b231c14fcb48d06306bea5d39e9f3c0b0befb037eb834f"},
	{"2d/examples_rgb_color.dcm", 0, "a64f021b9093684b86aa47195ce0f9e3c1b8f1f4c6ce569f8a65b292bd52ec1d"},
	{"2d/examples_ybr_color.dcm", 2, "52353e7c7c11b14a3b82a7b9258df5f844f5ac01c504fb2198d98e755043202d"},
	{"2d/gdcm-US-ALOKA-16.dcm", -1, "97697b719ccd7c15c9cfbee12cb1285b2423b8bc3adf6bf45cb3858e4f0f3db4"},
	{"2d/jpeg-ls-Palette.dcm", 0, "b5bf273656788ac7f6d8959e74e818417aff7b992bec770f7bef2bbece4a23f1"},
}

func TestColoursAreThoseOfDCMTK(t *testing.T) {
	data := sharedData(t)
	for _, c := range coloured {
		v := load(t, onlyImage(t, filepath.Join(data, c.file)))
		if v.Pixel != volume.RGB8 {
			t.Errorf("%s is %v", c.file, v.Pixel)
			continue
		}
		got := v.RGB[:3*v.Size[0]*v.Size[1]]
		if d := project.HashOf(got).String(); d != c.digest {
			t.Errorf("%s: digest %s, want %s", c.file, d, c.digest)
		}
		if c.within < 0 {
			continue
		}
		want, err := dcmtkGreys(filepath.Join(data, c.file))
		if err != nil || len(want) != len(got) {
			t.Logf("%s: not compared: %d bytes, %v", c.file, len(want), err)
			continue
		}
		worst, off := 0, 0
		for n := range got {
			d := int(got[n]) - int(want[n])
			if worst = max(worst, d, -d); d != 0 {
				off++
			}
		}
		if worst > c.within {
			t.Errorf("%s: up to %d levels from DCMTK's in %d of %d samples", c.file, worst, off, len(got))
		}
	}
}

// TestColoursAreThoseOfPydicom compares exactly: uncompressed files of 32 bits and of both forms of YCbCr, where DCMTK rounds down; and the tables of
// palettes, segmented or not.
func TestColoursAreThoseOfPydicom(t *testing.T) {
	data := sharedData(t)
	const script = `
import sys, warnings, hashlib, numpy as np, pydicom
warnings.simplefilter('ignore')
from pydicom.pixel_data_handlers.util import convert_color_space, apply_color_lut
for path in sys.argv[1:]:
    d = pydicom.dcmread(path)
    if d.PhotometricInterpretation == 'PALETTE COLOR':
        count, first, bits = [int(v) for v in d.RedPaletteColorLookupTableDescriptor]
        x = apply_color_lut(np.arange(first, first + (count or 65536)), d) >> (bits - 8)
    else:
        x = d.pixel_array >> (d.BitsAllocated - 8)
        if d.PhotometricInterpretation != 'RGB':
            x = convert_color_space(x.astype('u1'), 'YBR_FULL', 'RGB')
    print(hashlib.sha256(x.astype('u1').tobytes()).hexdigest())
`
	files := []string{"2d/SC_rgb_32bit.dcm", "2d/SC_ybr_full_uncompressed.dcm", "2d/YBR_422.dcm", "2d/color-pl.dcm", "2d/SC_rgb_expb_16bit_2frame.dcm",
		"2d/gdcm-US-ALOKA-16.dcm", "2d/OBXXXX1A_2frame.dcm", "2d/examples_palette.dcm", "2d/US-PAL-8-10x-echo.dcm"}
	want := strings.Fields(pydicom(t, script, data, files...))
	for n, file := range files {
		var got []byte
		if m := onlyImage(t, filepath.Join(data, file)); m.Photometric == "PALETTE COLOR" {
			got = coloursOf(t, filepath.Join(data, file))
		} else {
			got = load(t, m).RGB
		}
		if project.HashOf(got).String() != want[n] {
			t.Errorf("%s: %d bytes that are not pydicom's", file, len(got))
		}
	}
}

// coloursOf are the entries of a file's palette.
func coloursOf(t *testing.T, path string) (out []byte) {
	f, err := dcm.Open(path, dcm.Options{HeaderOnly: true, KeepOpen: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, _, err := readPalette(f.Data, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.colour {
		out = append(out, c[:]...)
	}
	return out
}
