package dcm

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/project"
)

func written(t testing.TB, d *DataSet, syntax string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, d, syntax); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// randomText has characters of several scripts, none that a VR forbids.
func randomText(r *rand.Rand, most int) string {
	letters := []rune("abcXYZ 019-é\u00df漢字한글Ελ")
	b := []rune{'a'}
	for range r.IntN(most) {
		b = append(b, letters[r.IntN(len(letters))])
	}
	return strings.TrimRight(string(b), " ")
}

// randomDataSet has elements of every VR that is written, and items of items.
func randomDataSet(r *rand.Rand, depth int) *DataSet {
	d := NewDataSet()
	text := func(most int) []string {
		out := make([]string, 1+r.IntN(3))
		for n := range out {
			out[n] = randomText(r, most)
		}
		return out
	}
	tag := func() Tag { return Tag(0x00310000 | r.Uint32N(0x200)<<17 | 0x1000 | r.Uint32N(0xFFF)) } // private groups: any VR is right
	for range 1 + r.IntN(8) {
		switch r.IntN(12) {
		case 0:
			d.Set(tag(), LO, text(40))
		case 1:
			d.Set(tag(), PN, randomText(r, 20)+"^"+randomText(r, 20)+"="+randomText(r, 10))
		case 2:
			d.Set(tag(), UT, randomText(r, 4000)+`\`+randomText(r, 10))
		case 3:
			d.Set(tag(), DS, []float64{r.NormFloat64() * 1000, float64(r.IntN(1000))})
		case 4:
			d.Set(tag(), IS, int(r.Int32()))
		case 5:
			d.Set(tag(), US, int(r.Uint32N(65536)), 7)
		case 6:
			d.Set(tag(), SL, -int(r.Int32()))
		case 7:
			d.Set(tag(), FD, r.NormFloat64(), r.NormFloat64())
		case 8:
			d.Set(tag(), OF, float32(r.NormFloat64()))
		case 9:
			b := make([]byte, r.IntN(3000))
			d.Set(tag(), OB, b)
		case 10:
			d.Set(tag(), AT, PixelData, Rows)
		default:
			items := []*DataSet{}
			for range r.IntN(3) {
				if depth < 4 {
					items = append(items, randomDataSet(r, depth+1))
				}
			}
			d.Set(tag(), SQ, items)
		}
	}
	return d
}

// difference returns the first element in which a and b differ, or "". VRs are compared when strict; implicit encoding loses those of private tags.
func difference(a, b *DataSet, strict bool) string {
	if !slices.Equal(a.Tags(), b.Tags()) {
		return fmt.Sprintf("tags %v and %v", a.Tags(), b.Tags())
	}
	for _, t := range a.Tags() {
		if strict && a.VR(t) != b.VR(t) {
			return fmt.Sprintf("%v is %v and %v", t, a.VR(t), b.VR(t))
		}
		x, okX := a.Bytes(t)
		y, okY := b.Bytes(t)
		itemsA, itemsB := a.Items(t), b.Items(t)
		if a.VR(t) == SQ && len(itemsA) == 0 && len(itemsB) == 0 {
			continue // without a VR an empty sequence is an empty value
		}
		if okX != okY || !bytes.Equal(x, y) || len(itemsA) != len(itemsB) {
			return fmt.Sprintf("%v differs: %d and %d bytes, %d and %d items", t, len(x), len(y), len(itemsA), len(itemsB))
		}
		for n := range itemsA {
			if s := difference(itemsA[n], itemsB[n], strict); s != "" {
				return fmt.Sprintf("%v item %d: %s", t, n, s)
			}
		}
	}
	return ""
}

func TestWriteThenReadGivesTheSameElements(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 2))
	for range 150 {
		d := randomDataSet(r, 0).Set(SOPClassUID, UI, "1.2.3").Set(SOPInstanceUID, UI, "2.25.77")
		for _, syntax := range []string{ExplicitLittleEndian, ImplicitLittleEndian} {
			f := mustRead(t, written(t, d, syntax))
			if len(f.Warnings) > 0 {
				t.Fatalf("seed %d: %v", seed, f.Warnings)
			}
			if s, _ := f.Data.String(SpecificCharacterSet); s != "ISO_IR 192" {
				t.Fatalf("seed %d: character set is %q", seed, s)
			}
			f.Data.Delete(SpecificCharacterSet)
			if s := difference(d, f.Data, syntax == ExplicitLittleEndian); s != "" {
				t.Fatalf("seed %d, %s: %s", seed, SyntaxName(syntax), s)
			}
		}
	}
}

func TestRLEAndNativeAreTheSamePixels(t *testing.T) {
	d := testSlice(64, 80)
	native, _ := d.Bytes(PixelData)
	for _, syntax := range []string{ExplicitLittleEndian, ImplicitLittleEndian, RLELossless} {
		f := mustRead(t, written(t, d, syntax))
		if f.Syntax != syntax || len(f.Warnings) > 0 {
			t.Errorf("%s: read as %s, warnings %v", syntax, f.Syntax, f.Warnings)
		}
		var out bytes.Buffer
		if _, err := f.WriteSamples(&out); err != nil || !bytes.Equal(out.Bytes(), native) {
			t.Errorf("%s: pixels differ, %v", SyntaxName(syntax), err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	complete := func() *DataSet { return NewDataSet().Set(SOPClassUID, UI, "1.2.3").Set(SOPInstanceUID, UI, "2.25.77") }
	for _, c := range []struct {
		name   string
		d      *DataSet
		syntax string
		want   string
	}{
		{"no instance", NewDataSet().Set(SOPClassUID, UI, "1.2.3"), ExplicitLittleEndian, "SOPInstanceUID is missing"},
		{"JPEG", complete(), "1.2.840.10008.1.2.4.50", "JPEG Baseline (8 bit) is not written"},
		{"a label that is too long", complete().Set(SegmentLabel, LO, strings.Repeat("é", 65)), ExplicitLittleEndian, "(0062,0005) has a value of 65 characters"},
		{"a label with a line end", complete().Set(SegmentLabel, LO, "a\nb"), ExplicitLittleEndian, "U+000A"},
		{"a lower-case code string", complete().Set(Modality, CS, "ct"), ExplicitLittleEndian, "(0008,0060)"},
		{"text that is not text", complete().Set(0x00091001, UR, "http:\xff"), ExplicitLittleEndian, "UTF-8"},
		{"too much for a short VR", complete().Set(0x00091001, FD, make([]float64, 10000)), ExplicitLittleEndian, "too long"},
		{"64-bit integers", complete().Set(0x00091001, UV, 1), ExplicitLittleEndian, "UV"},
		{"RLE without pixels", complete(), RLELossless, "no pixel data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Write(&out, c.d, c.syntax); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
			if out.Len() > 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestWriteKeepsTextOfOtherSets(t *testing.T) {
	file := part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", "ISO_IR 100"), explicitEl(SOPClassUID, "UI", "1.2.3\x00"),
		explicitEl(SOPInstanceUID, "UI", "1.2.4\x00"), explicitEl(PatientName, "PN", "M\xfcller"))
	again := mustRead(t, written(t, mustRead(t, file).Data, ExplicitLittleEndian))
	if name, _ := again.Data.String(PatientName); name != "Müller" {
		t.Errorf("name is %q", name)
	}
}

func TestSet(t *testing.T) {
	d := NewDataSet().Set(Rows, US, 3).Set(Modality, CS, "MR").Set(Rows, US, 4).Set(WindowCenter, DS, 40, "-7", 1.5)
	if got := d.Tags(); !slices.Equal(got, []Tag{Modality, Rows, WindowCenter}) {
		t.Errorf("tags are %v", got)
	}
	if n, _ := d.Int(Rows); n != 4 {
		t.Errorf("rows are %d", n)
	}
	if f := d.Floats(WindowCenter); !slices.Equal(f, []float64{40, -7, 1.5}) {
		t.Errorf("centres are %v", f)
	}
	for name, set := range map[string]func(){
		"text in US":       func() { NewDataSet().Set(Rows, US, "x") },
		"a number in SQ":   func() { NewDataSet().Set(0x00081140, SQ, 1) },
		"too large for US": func() { NewDataSet().Set(Rows, US, 65536) },
		"a struct in LO":   func() { NewDataSet().Set(StudyDescription, LO, struct{}{}) },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.HasPrefix(fmt.Sprint(r), "dcm: ") {
					t.Errorf("%s: panic is %v", name, r)
				}
			}()
			set()
		}()
	}
}

func TestFormatDS(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{
		{0, "0"}, {1, "1"}, {-1024, "-1024"}, {0.703125, "0.703125"}, {1e-7, "0.0000001"}, {1e22, "1e+22"}, {1.0 / 3, "0.33333333333333"},
		{-1.0 / 3, "-0.3333333333333"}, {-123456.123456789123, "-123456.12345679"}, {-1.23456789012345e-10, "-1.2345678901e-10"}, {1.23456789012345e-100, "1.2345678901e-100"},
	} {
		got := FormatDS(c.f)
		if len(got) > 16 {
			t.Errorf("%v becomes %q: too long", c.f, got)
		}
		back, ok := parseFloat(got)
		if !ok || got != c.want && !(abs(back-c.f) <= abs(c.f)*1e-9) {
			t.Errorf("%v becomes %q, want %q", c.f, got, c.want)
		}
	}
}

func abs(f float64) float64 { return max(f, -f) }

// TestOtherProgramsAcceptWhatWeWrite has the object checked by DCMTK and dicom3tools where they are installed.
func TestOtherProgramsAcceptWhatWeWrite(t *testing.T) {
	ran := 0
	for _, syntax := range []string{ExplicitLittleEndian, ImplicitLittleEndian, RLELossless} {
		path := filepath.Join(t.TempDir(), "slice.dcm")
		if err := os.WriteFile(path, written(t, testSlice(32, 32), syntax), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, program := range [][]string{{"dcmdump", "-q", path}, {"dciodvfy", path}} {
			if _, err := exec.LookPath(program[0]); err != nil {
				continue
			}
			ran++
			out, err := exec.Command(program[0], program[1:]...).CombinedOutput()
			if err != nil || strings.Contains(string(out), "Error") || strings.Contains(string(out), "E: ") || strings.Contains(string(out), "W: ") {
				t.Errorf("%s, %s: %v\n%s", SyntaxName(syntax), program[0], err, out)
			}
		}
	}
	if ran == 0 {
		t.Skip("neither dcmdump nor dciodvfy is installed")
	}
}

func TestNumbersAndText(t *testing.T) {
	f := mustRead(t, part10(ExplicitLittleEndian,
		explicitEl(StudyDescription, "LO", "  two\\ words "),
		explicitEl(SliceThickness, "DS", "2.50\\abc "), explicitEl(KVP, "DS", "NaN "), explicitEl(RepetitionTime, "DS", ""), explicitEl(EchoTime, "DS", " 1e2\x00"),
		explicitEl(SeriesNumber, "IS", "3.0 "), explicitEl(AcquisitionNumber, "IS", "\\7"), explicitEl(InstanceNumber, "IS", " 12 "),
		explicitEl(ImageComments, "LT", "  line\\one  "), explicitEl(SmallestImagePixelValue, "SS", u16(0xFFFF)), explicitEl(LargestImagePixelValue, "US", "\x01")))
	d := f.Data
	if s := d.Strings(StudyDescription); !slices.Equal(s, []string{"two", "words"}) {
		t.Errorf("strings are %q", s)
	}
	if s, _ := d.String(ImageComments); s != `  line\one` {
		t.Errorf("comment is %q", s)
	}
	if v, ok := d.Float(SliceThickness); !ok || v != 2.5 || d.Floats(SliceThickness) != nil {
		t.Errorf("thickness %v %v, all %v", v, ok, d.Floats(SliceThickness))
	}
	for _, tag := range []Tag{KVP, RepetitionTime, Modality, 0x00090010, LargestImagePixelValue} {
		if _, ok := d.Float(tag); ok || d.Floats(tag) != nil && tag != LargestImagePixelValue {
			t.Errorf("%v has a number", tag)
		}
	}
	if v, ok := d.Float(EchoTime); !ok || v != 100 {
		t.Errorf("echo time %v %v", v, ok)
	}
	if n, ok := d.Int(SeriesNumber); !ok || n != 3 {
		t.Errorf("3.0 as an integer is %d %v", n, ok)
	}
	if _, ok := d.Int(AcquisitionNumber); ok || d.Ints(AcquisitionNumber) != nil {
		t.Error("an empty first value has a number")
	}
	if n, ok := d.Int(SmallestImagePixelValue); !ok || n != -1 {
		t.Errorf("SS is %d", n)
	}
	if d.Item(ReferencedImageSequence).Item(DerivationCodeSequence).Has(CodeValue) {
		t.Error("a path through nothing leads somewhere")
	}
}

func TestImplicitSignFollowsPixelRepresentation(t *testing.T) {
	file := part10(ImplicitLittleEndian, implicitEl(PixelRepresentation, u16(1)), implicitEl(PixelPaddingValue, u16(0xF830)))
	if n, _ := mustRead(t, file).Data.Int(PixelPaddingValue); n != -2000 {
		t.Errorf("padding is %d, want -2000", n)
	}
	file = part10(ImplicitLittleEndian, implicitEl(PixelRepresentation, u16(0)), implicitEl(PixelPaddingValue, u16(0xF830)))
	if n, _ := mustRead(t, file).Data.Int(PixelPaddingValue); n != 63536 {
		t.Errorf("padding is %d, want 63536", n)
	}
}

func TestPrivateBlocks(t *testing.T) {
	d := NewDataSet().Set(0x00290010, LO, "OTHER").Set(0x00290011, LO, "SIEMENS CSA HEADER").Set(0x00291110, OB, []byte{1, 2})
	tag, ok := d.Private(0x0029, "SIEMENS CSA HEADER", 0x10)
	if b, has := d.Bytes(tag); !ok || tag != 0x00291110 || !has || len(b) != 2 {
		t.Errorf("%v %v", tag, ok)
	}
	if _, ok := d.Private(0x0029, "NOBODY", 0x10); ok {
		t.Error("a creator that is not there was found")
	}
}

func TestErrorsHaveAKind(t *testing.T) {
	_, err := readBytes(t, []byte("x"), Options{})
	if project.KindOf(err) != project.Invalid {
		t.Errorf("kind is %v", project.KindOf(err))
	}
}
