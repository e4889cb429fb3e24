package jpeg2000_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// compressions are arguments of opj_compress, each with the picture it is given: columns, rows, components, bits and sign.
func compressions() (all [][2]string) {
	add := func(picture string, args ...string) {
		for _, a := range args {
			all = append(all, [2]string{picture, a})
		}
	}
	for _, bits := range []int{1, 4, 7, 8, 9, 12, 15, 16} {
		for _, sign := range []string{"u", "s"} {
			add(fmt.Sprintf("44,37,1,%d,%s", bits, sign), "-n 4", "-n 4 -I -q 40")
		}
	}
	for _, size := range []string{"1,1", "1,9", "9,1", "17,3"} { // opj_compress does not decompose more often than the shorter side allows
		add(size+",1,8,u", "-n 1", "-n 1 -I")
	}
	for _, size := range []string{"17,4", "64,64", "65,130"} {
		add(size+",1,8,u", "-n 2", "-n 3", "-n 3 -I")
	}
	const grey, colour = "61,54,1,12,u", "61,54,3,8,u"
	for _, order := range []string{"LRCP", "RLCP", "RPCL", "PCRL", "CPRL"} {
		add(colour, "-r 20,5,1 -n 4 -p "+order, "-n 4 -t 30,20 -c [16,16],[8,8] -p "+order, "-n 4 -I -r 10,4 -p "+order)
	}
	for _, mode := range []string{"1", "2", "4", "8", "16", "32", "5", "13", "45", "63"} {
		add(grey, "-n 3 -M "+mode, "-n 3 -r 8,3,1 -M "+mode)
	}
	add(grey, "-b 4,4", "-b 64,4", "-b 4,64", "-b 16,32", "-c [32,32]", "-n 4 -c [64,16],[8,8],[4,4]", "-n 3 -t 16,16", "-n 3 -t 25,61 -T 0,0",
		"-d 5,7", "-n 2 -d 17,9 -T 3,9 -t 20,20",
		"-SOP", "-EPH", "-SOP -EPH -PLT -TLM -t 32,32", "-n 4 -r 15,1 -TP R -TLM", "-n 4 -r 15,5,1 -TP L", "-n 2 -GuardBits 1", "-n 2 -GuardBits 7", "-C a-comment")
	add(colour, "-mct 0", "-mct 1", "-mct 0 -I", "-mct 1 -I", "-n 3 -TP C -p CPRL -TLM", "-mct 0 -n 3 -ROI c=1,U=9", "-r 4,1 -n 3 -POC T0=0,0,1,3,3,RLCP/T0=0,0,2,3,3,CPRL")
	add("40,40,2,8,u@1x1:2x2", "-n 3", "-n 3 -p RPCL -c [8,8]", "-n 3 -I -p PCRL")
	add("40,40,4,12,s", "-n 3 -mct 0", "-n 4 -I -mct 0 -r 6")
	return all
}

func TestStreamsOfOpenJPEGDecode(t *testing.T) {
	program, err := exec.LookPath("opj_compress")
	if err != nil {
		t.Skip("opj_compress is not installed (Debian: libopenjp2-tools)")
	}
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 11))
	dir, exact, judged := t.TempDir(), 0, 0
	for _, c := range compressions() {
		m := pictureFor(r, c[0])
		stream, err := compress(program, dir, m, c)
		if err != nil {
			t.Errorf("%s of %s: %v", c[1], c[0], err)
			continue
		}
		got, err := jpeg2000.Decode(stream, jpeg2000.Options{})
		if err != nil {
			t.Errorf("seed %d, %s of %s: %v", seed, c[1], c[0], err)
			continue
		}
		if !strings.Contains(c[1], "-I") && (!strings.Contains(c[1], "-r") || strings.Contains(c[1], ",1 ") || strings.HasSuffix(c[1], ",1")) {
			exact++
			for i, p := range got.Components {
				if !slices.Equal(p.Samples, m.Components[i].Samples) {
					t.Errorf("seed %d, %s of %s: component %d is not as it was encoded", seed, c[1], c[0], i)
				}
			}
			continue
		}
		judged++
		if err := asOpenJPEG(dir, stream, got, closeness(m)); err != nil && !errors.Is(err, corpus.ErrAbsent) {
			t.Errorf("seed %d, %s of %s: %v", seed, c[1], c[0], err)
		}
	}
	t.Logf("%d equal to the source, %d held against OpenJPEG", exact, judged)
}

// pictureFor makes the picture that opj_compress's -F describes.
func pictureFor(r *rand.Rand, format string) *encode.Image {
	format, steps, _ := strings.Cut(format, "@")
	var w, h, n, bits int
	var sign string
	if _, err := fmt.Sscanf(strings.ReplaceAll(format, ",", " "), "%d %d %d %d %s", &w, &h, &n, &bits, &sign); err != nil {
		panic(err)
	}
	m := &encode.Image{X1: w, Y1: h}
	for c := range n {
		k := encode.Component{Bits: bits, Signed: sign == "s", DX: 1, DY: 1}
		if s := strings.Split(steps, ":"); c < len(s) && s[c] != "" {
			fmt.Sscanf(s[c], "%dx%d", &k.DX, &k.DY)
		}
		m.Components = append(m.Components, k)
		corpus.Fill(r, m, c)
	}
	return m
}

// compress gives m to opj_compress, component after component, little endian.
func compress(program, dir string, m *encode.Image, c [2]string) ([]byte, error) {
	var raw bytes.Buffer
	for _, k := range m.Components {
		for _, v := range k.Samples {
			if raw.WriteByte(byte(v)); k.Bits > 8 {
				raw.WriteByte(byte(v >> 8))
			}
		}
	}
	in, out := filepath.Join(dir, "in.rawl"), filepath.Join(dir, "made.j2k")
	if err := os.WriteFile(in, raw.Bytes(), 0o600); err != nil {
		return nil, err
	}
	args := append([]string{"-i", in, "-o", out, "-F", c[0]}, strings.Fields(c[1])...)
	if said, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("opj_compress: %w: %s", err, said)
	}
	return os.ReadFile(out)
}
