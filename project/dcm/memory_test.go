package dcm

import (
	"bytes"
	"compress/flate"
	"runtime"
	"strings"
	"testing"
)

// TestMemoryIsBounded reads files made to be small and to cost much. Allocations are counted, garbage included, so they are more than was ever held.
func TestMemoryIsBounded(t *testing.T) {
	repeat := func(b []byte, size int) []byte { return bytes.Repeat(b, size/len(b)) }
	var bomb bytes.Buffer
	w, err := flate.NewWriter(&bomb, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(cat(modality, pixelHeader(512, 512), explicitLen(PixelData, "OW", 1<<23, "")))
	for range 8 {
		w.Write(make([]byte, 1<<20))
	}
	w.Close()
	const size = 1 << 20
	for _, c := range []struct {
		name string
		file []byte
		fail string // "" means it is read
	}{
		{"empty elements", part10(ImplicitLittleEndian, repeat(implicitEl(StudyDescription, ""), 2*size)), "more than 65536 elements"},
		{"empty items", part10(ExplicitLittleEndian, explicitLen(0x00081140, "SQ", unknownLength, ""), repeat(itemOf(), size), endOfSequence), ""},
		{"items of one empty element", part10(ImplicitLittleEndian, implicitLen(0x00081140, unknownLength, ""), repeat(itemOf(implicitEl(StudyDescription, "")), size), endOfSequence), ""},
		{"empty fragments", part10(RLELossless, pixelHeader(512, 512), explicitLen(PixelData, "OB", unknownLength, ""), repeat(itemOf(), size), endOfSequence), ""},
		{"a bomb of 8 MB", part10(DeflatedLittleEndian, bomb.Bytes()), "more than its header declares"},
		{"a private sequence in a private sequence in ...", part10(ImplicitLittleEndian, []byte(nestedPrivate(2000))), ""},
		{"a value of 4 GB", part10(ExplicitLittleEndian, explicitLen(0x00091010, "OB", 0xFFFFFFF0, strings.Repeat("x", 1000))), "declares 4294967280 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := readBytes(t, c.file, Options{})
			runtime.ReadMemStats(&after)
			used, limit := after.TotalAlloc-before.TotalAlloc, uint64(4*len(c.file)+16<<20)
			t.Logf("%d kB for a file of %d kB", used>>10, len(c.file)>>10)
			if used > limit {
				t.Errorf("%d bytes were allocated for a file of %d", used, len(c.file))
			}
			if c.fail == "" && err != nil || c.fail != "" && (err == nil || !strings.Contains(err.Error(), c.fail)) {
				t.Errorf("error is %v, want %q", err, c.fail)
			}
		})
	}
}

func TestElementsAndItemsAreCounted(t *testing.T) {
	file := part10(ExplicitLittleEndian, modality, explicitEl(0x00081140, "SQ", string(cat(itemOf(), itemOf(), itemOf()))))
	for left, fail := range map[int64]bool{20: false, 3: true} {
		s := &scanner{src: newMemorySource(file), nodes: freeNodes + int64(len(file))/nodeBytes - left}
		err := s.file(&File{Meta: &DataSet{}, Data: &DataSet{}})
		if (err != nil) != fail || fail && !strings.Contains(err.Error(), "too many for a file of this size") {
			t.Errorf("%d left: error is %v", left, err)
		}
	}
}

// nestedPrivate puts depth private sequences of known length into each other: each level is tried as a sequence.
func nestedPrivate(depth int) string {
	inner := implicitEl(0x00091001, "12345678")
	for range depth {
		inner = implicitEl(0x00091001, string(itemOf(inner)))
	}
	return string(inner)
}
