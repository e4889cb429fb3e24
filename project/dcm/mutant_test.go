package dcm

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// mutate returns b with a few faults of the kinds that disks, networks and attackers make.
func mutate(r *rand.Rand, b []byte) []byte {
	out := append([]byte(nil), b...)
	// Faults near the front hit the header, which is where the reader can be misled.
	place := func() int {
		if r.IntN(3) > 0 {
			return r.IntN(min(len(out), 4096))
		}
		return r.IntN(len(out))
	}
	for range 1 + r.IntN(4) {
		if len(out) < 8 {
			break
		}
		n := place()
		switch r.IntN(7) {
		case 0: // one bit
			out[n] ^= 1 << r.IntN(8)
		case 1: // one byte
			out[n] = byte(r.Uint32())
		case 2: // cut
			out = out[:max(n, 1)]
		case 3: // a length or tag of extremes
			for i, v := range [][]byte{{0xFF, 0xFF, 0xFF, 0xFF}, {0xFE, 0xFF, 0xFF, 0xFF}, {0xFE, 0xFF, 0x00, 0xE0}, {0, 0, 0, 0}, {0xFF, 0xFF, 0xFF, 0x7F}}[r.IntN(5)] {
				if n+i < len(out) {
					out[n+i] = v
				}
			}
		case 4: // a piece put elsewhere
			m := place()
			copy(out[n:], out[m:min(len(out), m+r.IntN(200))])
		case 5: // a piece left out
			out = append(out[:n], out[min(len(out), n+1+r.IntN(100)):]...)
		case 6: // a piece twice
			m := min(len(out), n+r.IntN(300))
			out = append(out[:m], append(append([]byte(nil), out[n:m]...), out[m:]...)...)
		}
	}
	return out
}

// TestMutants reads damaged versions of real files and of testdata. HOTLIGHT_SOAK=1 makes it a campaign of minutes.
func TestMutants(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 4))
	count := 60
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		count = 4000
	}
	files := seeds(t)
	t.Run("testdata", func(t *testing.T) { campaign(t, r, seed, files, 4*count) })
	t.Run("real files", func(t *testing.T) {
		data, real := sharedData(t), map[string][]byte{}
		for _, name := range []string{
			"vol/ct-head-small/CTHead1.dcm", "enc/UN_sequence.dcm", "enc/MR_small_implicit.dcm", "enc/MR_small_bigendian.dcm", "enc/nested_priv_SQ.dcm",
			"enc/priv_SQ.dcm", "enc/ExplVR_BigEndNoMeta.dcm", "enc/charset/chrH32.dcm", "enc/charset/chrX1.dcm", "enc/image_dfl.dcm", "2d/SC_rgb_rle_16bit_2frame.dcm",
			"2d/rtdose_rle.dcm", "2d/SC_rgb_small_odd.dcm", "2d/pt-ge-lut.dcm", "2d/MR_small_padded.dcm", "obj/seg/label-23x38x3.dcm", "obj/seg/seg_image_ct_binary.dcm",
			"bad/reportsi_with_empty_number_tags.dcm", "bad/no-meta-length.dcm", "media/dicomdirtests/DICOMDIR", "enc/693_J2KI.dcm", "enc/JPGExtended.dcm", "2d/SC_rgb_small_odd_jpeg.dcm", "2d/MR-JPEGLosslessSV1.dcm", "ts/pydicom/JLSL_RGB_ILV2.dcm",
			"enh/emri_small_jpeg_ls_lossless.dcm", "ts/ctimage/JPEGProcess10_12_1.2.840.10008.1.2.4.55.dcm", "ts/fragments-multiframe/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm", "obj/rt/rtstruct-pydicom.dcm",
		} {
			b, err := os.ReadFile(filepath.Join(data, name))
			if err != nil {
				t.Errorf("%v", withoutPath(err))
				continue
			}
			real[filepath.Base(name)] = b
		}
		campaign(t, r, seed, real, count)
	})
}

func campaign(t *testing.T, r *rand.Rand, seed uint64, files map[string][]byte, count int) {
	readable := 0
	for name, b := range files {
		for n := range count {
			mutant := mutate(r, b)
			if exercise(t, mutant) == nil {
				readable++
			}
			if t.Failed() {
				path := filepath.Join(os.TempDir(), "hotlight-mutant.dcm")
				os.WriteFile(path, mutant, 0o600)
				t.Fatalf("seed %d, mutant %d of %s; it is kept as %s", seed, n, name, path)
			}
		}
	}
	t.Logf("seed %d: %d mutants of %d files, %d still read and decoded", seed, count*len(files), len(files), readable)
}
