package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// ErrAbsent says that OpenJPEG's programs are not installed.
var ErrAbsent = errors.New("opj_decompress is not installed (Debian: libopenjp2-tools)")

// OpenJPEG decodes a codestream or JP2 file with opj_decompress and returns the samples of each component. dir is for its files; args are more of its arguments.
func OpenJPEG(dir string, stream []byte, args ...string) ([][]int32, error) {
	program, err := exec.LookPath("opj_decompress")
	if err != nil {
		return nil, ErrAbsent
	}
	name := filepath.Join(dir, "in.j2k")
	if bytes.HasPrefix(stream, []byte("\x00\x00\x00\x0CjP")) {
		name = filepath.Join(dir, "in.jp2")
	}
	if err := os.WriteFile(name, stream, 0o600); err != nil {
		return nil, err
	}
	old, _ := filepath.Glob(filepath.Join(dir, "out*.pgx"))
	for _, f := range old {
		os.Remove(f)
	}
	out, err := exec.Command(program, append([]string{"-i", name, "-o", filepath.Join(dir, "out.pgx")}, args...)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("opj_decompress: %w: %s", err, out)
	}
	if bytes.Contains(out, []byte("[WARNING]")) {
		return nil, fmt.Errorf("opj_decompress warns: %s", out)
	}
	var planes [][]int32
	for c := 0; ; c++ {
		b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("out_%d.pgx", c)))
		if err != nil {
			break
		}
		p, err := ReadPGX(b)
		if err != nil {
			return nil, err
		}
		planes = append(planes, p)
	}
	return planes, nil
}

// ReadPGX reads a plane of a PGX file: a line of text (byte order, sign, bits, width, height), then samples of whole bytes.
func ReadPGX(b []byte) ([]int32, error) {
	line, body, _ := bytes.Cut(b, []byte("\n"))
	field := strings.Fields(strings.NewReplacer("+", " + ", "-", " - ").Replace(string(line)))
	signed := len(field) > 2 && field[2] == "-"
	if len(field) > 2 && (signed || field[2] == "+") { // which may be left out
		field = slices.Delete(field, 2, 3)
	}
	var bits, w, h int
	if len(field) != 5 || field[0] != "PG" || field[1] != "ML" && field[1] != "LM" {
		return nil, fmt.Errorf("%q is no header of PGX", line)
	}
	if _, err := fmt.Sscan(strings.Join(field[2:], " "), &bits, &w, &h); err != nil {
		return nil, fmt.Errorf("read %q: %w", line, err)
	}
	size := 1
	for size < 4 && bits > 8*size {
		size *= 2
	}
	if w < 1 || h < 1 || len(body) < w*h*size {
		return nil, fmt.Errorf("%q has %d bytes", line, len(body))
	}
	out := make([]int32, w*h)
	for i := range out {
		x := body[i*size : (i+1)*size]
		if field[1] == "LM" {
			slices.Reverse(x)
		}
		v := uint32(0)
		for _, x := range x {
			v = v<<8 | uint32(x)
		}
		if out[i] = int32(v); signed {
			out[i] = int32(v<<(32-8*size)) >> (32 - 8*size)
		}
	}
	return out, nil
}
