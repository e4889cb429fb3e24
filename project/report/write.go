package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"hotlight/project"
	"hotlight/project/atomicfile"
)

// The files of a report.
const (
	HTMLName    = "report.html"
	JSONName    = "report.json"
	NumbersName = "numbers.csv"
	ValuesName  = "studies.csv"
)

// Schema is the version of report.json's form.
const Schema = "hotlight.report/1"

// Formats are what Write can write; html, csv and json.
var Formats = []string{"html", "csv", "json"}

// WriteCSV writes every figure, one a row, RFC 4180. What is undefined has an empty cell and a status.
func (r *Report) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	c.Write(Columns)
	for _, n := range r.Numbers {
		c.Write(n.Row())
	}
	c.Flush()
	return c.Error()
}

// WriteValues writes every study's own figures.
func (r *Report) WriteValues(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	c.Write([]string{"study", "subject", "metric", "comparison", "value", "unit", "status"})
	for _, v := range r.Values {
		text := ""
		if v.Defined() {
			text = exact(v.Value)
		}
		c.Write([]string{v.Study, v.Subject, v.Metric, v.Comparison, text, v.Unit, string(v.Status)})
	}
	c.Flush()
	return c.Error()
}

// reportJSON is the document.
type reportJSON struct {
	Schema     string       `json:"schema"`
	Program    string       `json:"program"`
	Date       string       `json:"date,omitempty"`
	Project    string       `json:"project"`
	Title      string       `json:"title"`
	Version    int          `json:"version"`
	Definition project.Hash `json:"definition_sha256"`
	Verdicts   bool         `json:"verdicts"`
	InShort    string       `json:"in_short"`
	Gates      []Judged     `json:"gates"`
	SelfTest   SelfTest     `json:"selftest"`
	Numbers    []*Number    `json:"numbers"`
	Front      *Table       `json:"front"`
	Sections   []*Section   `json:"sections"`
	Files      []File       `json:"files"`
}

// WriteJSON writes the whole model but for the pictures and the values of single studies: every figure under "numbers", and the sections as they stand in the HTML, whose cells name
// their figure by id.
func (r *Report) WriteJSON(w io.Writer) error {
	p := r.In.Definition.Project
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	doc := reportJSON{Schema, r.Program, r.Date, p.ID, p.Title, p.Version, r.In.Hash, r.Verdicts, r.Summary.InShort, r.Gates, r.SelfTest, r.Numbers, r.Summary.Table, r.Sections, r.In.Files}
	if doc.Gates == nil {
		doc.Gates = []Judged{}
	}
	if doc.Files == nil {
		doc.Files = []File{}
	}
	return enc.Encode(doc)
}

// Write writes the formats into dir, which is made if it is not there, and returns the paths. Files appear together at the end: after a failure none of them is there, and those of an earlier
// report are as they were.
func (r *Report) Write(dir string, formats []string) (paths []string, err error) {
	type output struct {
		name  string
		write func(io.Writer) error
	}
	all := map[string][]output{"html": {{HTMLName, r.WriteHTML}}, "json": {{JSONName, r.WriteJSON}}, "csv": {{NumbersName, r.WriteCSV}, {ValuesName, r.WriteValues}}}
	made := false
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		made = true
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var temporary []string
	defer func() {
		for _, t := range temporary {
			os.Remove(t)
		}
		if err != nil && made {
			os.Remove(dir)
		}
	}()
	for _, f := range formats {
		outputs, ok := all[f]
		if !ok {
			return nil, project.Errorf(project.Invalid, "there is no format %q (html, csv, json)", f)
		}
		for _, o := range outputs {
			t, err := writeTemporary(dir, o.write)
			if t != "" {
				temporary = append(temporary, t)
			}
			if err != nil {
				return nil, err
			}
			paths = append(paths, filepath.Join(dir, o.name))
		}
	}
	for n, t := range temporary {
		if err := os.Rename(t, paths[n]); err != nil {
			for _, p := range paths[:n] {
				os.Remove(p)
			}
			return nil, err
		}
	}
	temporary = nil
	return paths, atomicfile.SyncDir(dir)
}

func writeTemporary(dir string, write func(io.Writer) error) (name string, err error) {
	f, err := os.CreateTemp(dir, ".hotlight-report-*")
	if err != nil {
		return "", err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<18)
	if err := write(w); err != nil {
		return f.Name(), err
	}
	if err := w.Flush(); err != nil {
		return f.Name(), err
	}
	if err := f.Chmod(0o644); err != nil {
		return f.Name(), err
	}
	return f.Name(), f.Sync()
}
