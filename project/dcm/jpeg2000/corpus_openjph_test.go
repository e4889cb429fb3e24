package jpeg2000_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// pinned is a line of a table in testdata: a stream and what another program makes of it.
type pinned struct {
	name                                    string
	columns, rows, components, bits, signed int
	expected                                string
	stream                                  []byte
}

func pinnedStreams(t *testing.T, table string) (all []pinned) {
	t.Helper()
	f, err := os.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		field := strings.Split(lines.Text(), "\t")
		s := pinned{name: field[0], expected: field[6]}
		for i, v := range []*int{&s.columns, &s.rows, &s.components, &s.bits, &s.signed} {
			if *v, err = strconv.Atoi(field[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if s.stream, err = base64.StdEncoding.DecodeString(field[7]); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func TestStreamsOfOpenJPHDecode(t *testing.T) {
	dir := t.TempDir()
	for _, s := range pinnedStreams(t, "testdata/openjph.tsv") {
		m, err := jpeg2000.Decode(s.stream, jpeg2000.Options{})
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if err := asOpenJPEG(dir, s.stream, m, 1); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if err := s.compare(m); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

// compare holds m against what is expected: exactly where that is a digest, otherwise not more than 1 apart.
func (s *pinned) compare(m *jpeg2000.Image) error {
	if len(m.Components) != s.components || m.Components[0].Precision != s.bits || m.Components[0].Signed != (s.signed == 1) {
		return fmt.Errorf("%d components of %d bits", len(m.Components), m.Components[0].Precision)
	}
	got := interleaved(m)
	if sum := sha256.Sum256(got); len(s.expected) == 64 && hex.EncodeToString(sum[:]) == s.expected {
		return nil
	}
	want, err := base64.StdEncoding.DecodeString(s.expected)
	if len(s.expected) == 64 || err != nil || len(want) != len(got) {
		return fmt.Errorf("the samples are not those expected")
	}
	for i := 0; i < len(want); i += 2 {
		a, b := int16(binary.LittleEndian.Uint16(got[i:])), int16(binary.LittleEndian.Uint16(want[i:]))
		if a-b > 1 || b-a > 1 {
			return fmt.Errorf("sample %d is %d, expected is %d", i/2, a, b)
		}
	}
	return nil
}

func TestDeepStreamsOfOpenJPHDecode(t *testing.T) {
	for _, s := range pinnedStreams(t, "testdata/openjphdeep.tsv") {
		shape := jpeg2000.Shape{Rows: s.rows, Columns: s.columns, Components: 1, Bytes: 4}
		got := make([]byte, 4*s.rows*s.columns)
		h, err := jpeg2000.DecodeFrame(got, s.stream, shape, jpeg2000.Options{})
		if err != nil || h.Components[0].Precision != s.bits || h.Components[0].Signed != (s.signed == 1) {
			t.Errorf("%s: %v, %+v", s.name, err, h)
			continue
		}
		if sum := sha256.Sum256(got); hex.EncodeToString(sum[:]) != s.expected {
			t.Errorf("%s: the samples are not those that were encoded", s.name)
		}
	}
}

// interleaved returns samples as 16 bits, pixel by pixel.
func interleaved(m *jpeg2000.Image) []byte {
	var out bytes.Buffer
	for i := range m.Components[0].Samples {
		for _, c := range m.Components {
			binary.Write(&out, binary.LittleEndian, uint16(c.Samples[i]))
		}
	}
	return out.Bytes()
}

// asOpenJPEG holds m against what OpenJPEG makes of stream, if that is installed: not more than within apart.
func asOpenJPEG(dir string, stream []byte, m *jpeg2000.Image, within int32) error {
	planes, err := corpus.OpenJPEG(dir, stream)
	if errors.Is(err, corpus.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	for c, p := range m.Components {
		if len(planes) <= c {
			return fmt.Errorf("OpenJPEG has no component %d", c)
		}
		if err := near(p.Samples, planes[c], p.Width, within); err != nil {
			return fmt.Errorf("component %d is not as OpenJPEG's: %w", c, err)
		}
	}
	return nil
}
