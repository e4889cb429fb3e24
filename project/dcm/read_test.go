package dcm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
)

var (
	modality = explicitEl(Modality, "CS", "CT")
	number   = explicitEl(InstanceNumber, "IS", "7 ")
)

// TestReadStrange holds what other readers accept: the file is read, the warning says what was wrong.
func TestReadStrange(t *testing.T) {
	plain := part10(ExplicitLittleEndian, modality, number)
	for _, c := range []struct {
		name string
		file []byte
		warn string // "" means none
	}{
		{"a correct file", plain, ""},
		{"no preamble, prefix first", plain[128:], "no preamble"},
		{"no preamble, meta information first", plain[132:], "no preamble"},
		{"only a data set, explicit", cat(modality, number), "no meta information"},
		{"only a data set, implicit", cat(implicitEl(Modality, "CT"), implicitEl(InstanceNumber, "7 ")), "Implicit"},
		{"only a data set, explicit big endian", []byte("\x00\x08\x00\x60CS\x00\x02CT\x00\x20\x00\x13IS\x00\x027 "), "Big Endian"},
		{"no meta group length", cat(make([]byte, 128), []byte("DICM"), explicitEl(TransferSyntaxUID, "UI", ExplicitLittleEndian+"\x00"), modality, number), "lacks its length"},
		{"a wrong meta group length", cat(make([]byte, 128), []byte("DICM"), explicitEl(FileMetaInformationGroupLength, "UL", u32(4000)),
			explicitEl(TransferSyntaxUID, "UI", ExplicitLittleEndian+"\x00"), modality, number), "meta information is wrong"},
		{"implicit meta information", cat(make([]byte, 128), []byte("DICM"), implicitEl(TransferSyntaxUID, ImplicitLittleEndian+"\x00"),
			implicitEl(Modality, "CT"), implicitEl(InstanceNumber, "7 ")), "implicitly"},
		{"no transfer syntax", cat(make([]byte, 128), []byte("DICM"), explicitEl(FileMetaInformationVersion, "OB", "\x00\x01"), modality, number), "names no transfer syntax"},
		{"explicit announced, implicit written", part10(ExplicitLittleEndian, implicitEl(Modality, "CT"), implicitEl(InstanceNumber, "7 ")), "written as Implicit"},
		{"implicit announced, explicit written", part10(ImplicitLittleEndian, modality, number), "written as Explicit"},
		{"an odd length", part10(ExplicitLittleEndian, explicitEl(StudyDescription, "LO", "odd"), modality, number), "odd length"},
		{"elements out of order", part10(ExplicitLittleEndian, number, modality), "out of order"},
		{"an element twice", part10(ExplicitLittleEndian, modality, explicitEl(Modality, "CS", "MR"), number), "twice"},
		{"a value representation of a later standard", part10(ExplicitLittleEndian, modality, cat(tagBytes(0x00081030), []byte("ZZ\x00\x00\x04\x00\x00\x00abcd")), number), "unknown value representation"},
		{"an unknown value representation with a short length", part10(ExplicitLittleEndian, modality, cat(tagBytes(0x00081030), []byte("??\x04\x00abcd")), number), "value representation"},
		{"one element written implicitly", part10(ExplicitLittleEndian, modality, implicitEl(StudyDescription, "abcd"), number), "no value representation"},
		{"a stray sequence delimiter", part10(ExplicitLittleEndian, modality, endOfSequence, number), "outside any sequence"},
		{"a delimiter in an item of known length", part10(ExplicitLittleEndian, modality,
			explicitEl(0x00081140, "SQ", string(itemOf(modality, implicitEl(itemDelim, "")))), number), "delimiter"},
		{"a delimiter after a sequence of known length", part10(ExplicitLittleEndian, modality,
			explicitEl(0x00081140, "SQ", string(cat(itemOf(modality), endOfSequence))), number), "delimiter"},
		{"an item without its delimiter", part10(ExplicitLittleEndian, modality,
			explicitLen(0x00081140, "SQ", unknownLength, ""), implicitLen(itemTag, unknownLength, ""), modality, endOfSequence, number), "no delimiter"},
		{"a sequence that calls itself OB", part10(ExplicitLittleEndian, modality, explicitLen(0x00081140, "UT", unknownLength, ""), openItem(modality), endOfSequence, number), "holds a sequence"},
		{"garbage shorter than an element at the end", part10(ExplicitLittleEndian, modality, number, []byte{1, 2, 3}), "at the end"},
		{"zeros at the end", part10(ExplicitLittleEndian, modality, number, make([]byte, 100)), "at the end"},
		{"an unknown character set", part10(ExplicitLittleEndian, explicitEl(SpecificCharacterSet, "CS", "KLINGON "), modality, number), "character set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustRead(t, c.file)
			if m, _ := f.Data.String(Modality); m != "CT" {
				t.Errorf("modality is %q", m)
			}
			if n, ok := f.Data.Int(InstanceNumber); !ok || n != 7 {
				t.Errorf("instance number is %d %v", n, ok)
			}
			if !warned(f, c.warn) {
				t.Errorf("warnings are %v, want one with %q", f.Warnings, c.warn)
			}
		})
	}
}

func warned(f *File, text string) bool {
	if text == "" {
		return len(f.Warnings) == 0
	}
	for _, w := range f.Warnings {
		if strings.Contains(w.Text, text) && w.Code == project.WarnRead {
			return true
		}
	}
	return false
}

// TestReadRefuses holds what must be one line of error.
func TestReadRefuses(t *testing.T) {
	deep := modality
	for range 200 {
		deep = cat(explicitLen(0x00081140, "SQ", unknownLength, ""), openItem(deep), endOfSequence)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, "empty"},
		{"a text", []byte(strings.Repeat("This is not DICOM. ", 30)), "not a DICOM file"},
		{"zeros", make([]byte, 1000), "not a DICOM file"},
		{"only preamble and prefix", cat(make([]byte, 128), []byte("DICM")), "no elements"},
		{"cut within the meta information", part10(ExplicitLittleEndian)[:150], "within the meta information"},
		{"cut within an element", part10(ExplicitLittleEndian, modality, explicitLen(StudyDescription, "LO", 40, "short")), "(0008,1030) StudyDescription declares 40 bytes, 5 are left"},
		{"cut one byte before the end", part10(ExplicitLittleEndian, modality, explicitLen(StudyDescription, "LO", 6, "short")), "declares 6 bytes, 5 are left"},
		{"a huge length", part10(ExplicitLittleEndian, modality, explicitLen(0x00091010, "OB", 0xFFFFFFF0, "x")), "declares 4294967280 bytes"},
		{"an item longer than the file", part10(ExplicitLittleEndian, explicitLen(0x00081140, "SQ", unknownLength, ""), implicitLen(itemTag, 5000, "x")), "declares 5000 bytes"},
		{"something else than an item", part10(ExplicitLittleEndian, explicitEl(0x00081140, "SQ", string(modality))), "where an item should start"},
		{"cut within a sequence", part10(ExplicitLittleEndian, explicitLen(0x00081140, "SQ", unknownLength, ""), itemOf(modality)), "ends within (0008,1140)"},
		{"cut within an item", part10(ExplicitLittleEndian, explicitLen(0x00081140, "SQ", unknownLength, ""), implicitLen(itemTag, unknownLength, ""), modality), "ends within an item"},
		{"200 sequences in each other", part10(ExplicitLittleEndian, deep), "nested deeper"},
		{"compressed pixels without fragments", part10(RLELossless, pixelHeader(2, 2), explicitLen(PixelData, "OB", unknownLength, ""), modality), "where a fragment should start"},
		{"a damaged deflated data set", part10(DeflatedLittleEndian, []byte("\xff\xff\xff\xff\xff\xff\xff\xff")), "inflated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readBytes(t, c.file, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("error is %v, want one line with %q", err, c.want)
			}
			if strings.Contains(c.want, "not a DICOM") != errors.Is(err, ErrNotDICOM) && c.name != "nothing" {
				t.Errorf("ErrNotDICOM is wrong for %v", err)
			}
		})
	}
}

func TestReadSequences(t *testing.T) {
	inner := explicitEl(ReferencedSOPInstanceUID, "UI", "1.2.3\x00")
	privateImplicit := cat(implicitLen(itemTag, unknownLength, ""), implicitEl(ReferencedSOPInstanceUID, "1.2.3\x00"), implicitEl(itemDelim, ""))
	for _, c := range []struct {
		name string
		file []byte
		tag  Tag
	}{
		{"sequence and items of known length", part10(ExplicitLittleEndian, explicitEl(0x00081140, "SQ", string(cat(itemOf(inner), itemOf(inner))))), 0x00081140},
		{"sequence and items of unknown length", part10(ExplicitLittleEndian, explicitLen(0x00081140, "SQ", unknownLength, ""), openItem(inner), openItem(inner), endOfSequence), 0x00081140},
		{"an implicit sequence", part10(ImplicitLittleEndian, implicitEl(0x00081140, string(cat(itemOf(implicitEl(ReferencedSOPInstanceUID, "1.2.3\x00")), itemOf())))), 0x00081140},
		{"a private implicit sequence", part10(ImplicitLittleEndian, implicitEl(0x00091001, string(cat(itemOf(implicitEl(ReferencedSOPInstanceUID, "1.2.3\x00")), itemOf())))), 0x00091001},
		{"UN of unknown length: implicit inside", part10(ExplicitLittleEndian, explicitLen(0x00091001, "UN", unknownLength, ""), privateImplicit, itemOf(), endOfSequence), 0x00091001},
		{"UN of known length that is a standard sequence", part10(ExplicitLittleEndian, explicitEl(0x00081140, "UN", string(cat(privateImplicit, itemOf())))), 0x00081140},
		{"UN whose writer forgot to be implicit", part10(ExplicitLittleEndian, explicitEl(0x00081140, "UN", string(cat(itemOf(inner), itemOf())))), 0x00081140},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustRead(t, c.file)
			items := f.Data.Items(c.tag)
			if len(items) != 2 {
				t.Fatalf("%d items, want 2", len(items))
			}
			if uid, _ := items[0].String(ReferencedSOPInstanceUID); uid != "1.2.3" {
				t.Errorf("UID in the item is %q", uid)
			}
			if f.Data.VR(c.tag) != SQ {
				t.Errorf("VR is %v", f.Data.VR(c.tag))
			}
		})
	}
	t.Run("UN that only looks like a sequence stays bytes", func(t *testing.T) {
		f := mustRead(t, part10(ExplicitLittleEndian, explicitEl(0x00091001, "UN", string(implicitLen(itemTag, 5000, "abcdef")))))
		if b, ok := f.Data.Bytes(0x00091001); !ok || len(b) != 14 || f.Data.Items(0x00091001) != nil || len(f.Warnings) != 0 {
			t.Errorf("%d bytes, warnings %v", len(b), f.Warnings)
		}
	})
}

func TestHeaderOnlyStopsAtThePixels(t *testing.T) {
	file := part10(ExplicitLittleEndian, modality, pixelHeader(2, 2), explicitEl(PixelData, "OW", u16(1, 2, 3, 4)), explicitEl(0xFFFCFFFC, "OB", "\x00\x00"))
	f, err := readBytes(t, file, Options{HeaderOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if f.Data.Has(DataSetTrailingPadding) || !f.Data.Has(PixelData) {
		t.Errorf("elements are %v", f.Data.Tags())
	}
	if p, err := f.PixelFormat(); err != nil || p.Rows != 2 || f.CanDecode() != nil {
		t.Errorf("format %+v, %v, %v", p, err, f.CanDecode())
	}
	if err := f.DecodeFrame(0, make([]byte, 8)); err == nil {
		t.Error("a frame was decoded of a file opened for its header")
	}
	if !mustRead(t, file).Data.Has(DataSetTrailingPadding) {
		t.Error("the element after the pixels is missing without HeaderOnly")
	}
}

// TestMessagesHoldNoValues: a length that is too large can put the patient's name anywhere, into the transfer syntax for one.
func TestMessagesHoldNoValues(t *testing.T) {
	broken := cat(make([]byte, 128), []byte("DICM"), explicitEl(TransferSyntaxUID, "UI", "1.2.840.10008.1.2.1\x00"+string(explicitEl(PatientName, "PN", "Doe^John"))),
		modality, pixelHeader(1, 1), explicitEl(PhotometricInterpretation, "CS", "Doe^John"), explicitLen(PixelData, "OB", unknownLength, ""), itemOf(), itemOf(), endOfSequence)
	f := mustRead(t, broken)
	texts := []string{fmt.Sprint(f.Warnings), fmt.Sprint(f.CanDecode()), f.Syntax}
	if p, err := f.declaredFormat(); err == nil {
		texts = append(texts, p.Photometric)
	}
	for _, text := range texts {
		if strings.Contains(text, "Doe") {
			t.Errorf("%q", text)
		}
	}
}

// sparse is a file of any size that is zero behind its head, and counts what is read of it.
type sparse struct {
	head []byte
	read int64
}

func (s *sparse) ReadAt(b []byte, off int64) (int, error) {
	clear(b)
	if off < int64(len(s.head)) {
		copy(b, s.head[off:])
	}
	s.read += int64(len(b))
	return len(b), nil
}

func TestFileOfManyGigabytes(t *testing.T) {
	head := part10(ExplicitLittleEndian, modality, explicitEl(NumberOfFrames, "IS", "7000"), pixelHeader(512, 512), explicitLen(PixelData, "OW", 7000*512*512*2, ""))
	for _, headerOnly := range []bool{true, false} {
		r := &sparse{head: head}
		f, err := Read(r, int64(len(head))+7000*512*512*2, Options{HeaderOnly: headerOnly})
		if err != nil {
			t.Fatal(err)
		}
		if r.read > 128<<10 {
			t.Errorf("%d bytes were read", r.read)
		}
		if headerOnly {
			continue
		}
		before := r.read
		if err := f.DecodeFrame(6999, make([]byte, 512*512*2)); err != nil {
			t.Error(err)
		}
		if r.read-before != 512*512*2 {
			t.Errorf("%d bytes were read for one frame", r.read-before)
		}
	}
}

func TestLargeValuesStayInTheFile(t *testing.T) {
	large := strings.Repeat("x", 300<<10)
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, part10(ExplicitLittleEndian, modality, explicitEl(0x00091010, "OB", large), number), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if b, ok := f.Data.Bytes(0x00091010); !ok || string(b) != large {
		t.Errorf("%d bytes, %v", len(b), ok)
	}
	if n, _ := f.Data.Int(InstanceNumber); n != 7 {
		t.Error("the element after the large one is missing")
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, ok := f.Data.Bytes(0x00091010); ok || !f.Data.Has(0x00091010) {
		t.Error("after Close the large value must be there and have no bytes")
	}
}

func TestOpenErrorsHaveNoPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Doe^John")
	for _, path := range []string{dir, filepath.Dir(dir)} {
		if _, err := Open(path, Options{}); err == nil || strings.Contains(err.Error(), "Doe") || strings.Contains(err.Error(), "/") {
			t.Errorf("error is %v", err)
		}
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
}

// failing breaks off after some bytes, as a network drive does.
type failing struct{ b []byte }

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > int64(len(f.b)) {
		return 0, io.ErrUnexpectedEOF
	}
	return copy(p, f.b[off:]), nil
}

func TestReadErrorsAreReported(t *testing.T) {
	_, err := Read(failing{bytes.Repeat([]byte{0}, 10)}, 5000, Options{})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error is %v", err)
	}
}
