package selftest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"

	"hotlight/project"
)

//go:embed vectors.json
var shipped []byte

// schema of the files that Read understands.
const schema = "hotlight.metric-vectors/1"

// maxFile is the most bytes of a vectors file: the shipped one has 66 thousand.
const maxFile = 64 << 20

// Vector is one worked example.
type Vector struct {
	ID        string                     `json:"id"`
	Metric    string                     `json:"metric"`
	Input     map[string]json.RawMessage `json:"input"`
	Params    map[string]json.RawMessage `json:"params"`
	Expected  map[string]json.RawMessage `json:"expected"`
	Tolerance float64                    `json:"tol"` // absolute, for every expected number
}

// Shipped returns the vectors that come with the program.
func Shipped() []Vector {
	v, err := parse(shipped)
	if err != nil {
		panic("selftest: the shipped vectors: " + err.Error())
	}
	return v
}

// Read reads a file of the same form.
func Read(r io.Reader) ([]Vector, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the vectors: %w", err)
	}
	if len(b) > maxFile {
		return nil, project.Errorf(project.Full, "the vectors file is larger than %d MiB", maxFile>>20)
	}
	return parse(b)
}

func parse(b []byte) ([]Vector, error) {
	var file struct {
		Schema  string   `json:"schema"`
		Vectors []Vector `json:"vectors"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, project.Errorf(project.Invalid, "the vectors file is not JSON of the right form: %w", err)
	}
	if file.Schema != schema {
		return nil, project.Errorf(project.Unsupported, "vectors of schema %q; this program knows %q", file.Schema, schema)
	}
	if len(file.Vectors) == 0 {
		return nil, project.Errorf(project.Invalid, "the vectors file has no vectors")
	}
	for n, v := range file.Vectors {
		if v.ID == "" || v.Metric == "" || len(v.Expected) == 0 || !(v.Tolerance >= 0) {
			return nil, project.Errorf(project.Invalid, "vector %d lacks an id, a metric, expected numbers or a tolerance", n+1)
		}
	}
	return file.Vectors, nil
}
