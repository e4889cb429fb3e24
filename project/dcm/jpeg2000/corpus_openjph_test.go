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

// openJPH is a line of testdata/openjph.tsv.
type openJPH struct {
	name                                    string
	columns, rows, components, bits, signed int
	expected                                string
	stream                                  []byte
}

func openJPHStreams(t *testing.T) (all []openJPH) {
	t.Helper()
	f, err := os.Open("testdata/openjph.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		field := strings.Split(lines.Text(), "\t")
		s := openJPH{name: field[0], expected: field[6]}
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
	for _, s := range openJPHStreams(t) {
		m, err := jpeg2000.Decode(s.stream, jpeg2000.Options{})
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if len(m.Components) != s.components || m.Components[0].Precision != s.bits || m.Components[0].Signed != (s.signed == 1) {
			t.Errorf("%s: %d components of %d bits", s.name, len(m.Components), m.Components[0].Precision)
			continue
		}
		if err := asOpenJPEG(dir, s.stream, m, 1); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		got := interleaved(m)
		if sum := sha256.Sum256(got); len(s.expected) == 64 && hex.EncodeToString(sum[:]) == s.expected {
			continue
		}
		want, err := base64.StdEncoding.DecodeString(s.expected)
		if len(s.expected) == 64 || err != nil || len(want) != len(got) {
			t.Errorf("%s: the samples are not those that were encoded", s.name)
			continue
		}
		for i := 0; i < len(want); i += 2 {
			a, b := int16(binary.LittleEndian.Uint16(got[i:])), int16(binary.LittleEndian.Uint16(want[i:]))
			if a-b > 1 || b-a > 1 {
				t.Errorf("%s: sample %d is %d, OpenJPH has %d", s.name, i/2, a, b)
				break
			}
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
