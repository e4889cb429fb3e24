package definition

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/goccy/go-yaml"

	"hotlight/project"
)

// MaxSize is the largest project file that is read, in bytes. A record of a reader is about 4.2 kB.
const MaxSize = 4 << 20

// file is the YAML form. Keys are base64 strings there; everything else is as in project.Definition.
type file struct {
	Schema  string         `yaml:"schema"`
	Project project.About  `yaml:"project"`
	Classes []class        `yaml:"classes"`
	Readers []readerRecord `yaml:"readers"`
	Server  server         `yaml:"server,omitempty"`

	Schemes    map[string]project.Scheme `yaml:"coding_schemes,omitempty"`
	StudyForm  []project.Question        `yaml:"study_form,omitempty"`
	Reading    *project.Reading          `yaml:"reading,omitempty"`
	Resolution *project.Resolution       `yaml:"resolution,omitempty"`
	Metrics    *project.Plan             `yaml:"metrics,omitempty"`
	Inclusion  *project.Inclusion        `yaml:"inclusion,omitempty"`
	Display    *project.Display          `yaml:"display,omitempty"`
	Effort     *project.Effort           `yaml:"effort,omitempty"`
	Export     *project.ExportPlan       `yaml:"export,omitempty"`
}

// class is project.Class with a colour that may be left out.
type class struct {
	ID       string `yaml:"id"`
	Value    int    `yaml:"value,omitempty"`
	Name     string `yaml:"name"`
	Color    string `yaml:"color,omitempty"`
	Category *code  `yaml:"category,omitempty"`
	Type     *code  `yaml:"type,omitempty"`

	Kind        project.ClassKind     `yaml:"kind,omitempty"`
	Region      *code                 `yaml:"anatomic_region,omitempty"`
	Laterality  string                `yaml:"laterality,omitempty"`
	Modalities  []project.Modality    `yaml:"modalities,omitempty"`
	Tools       []string              `yaml:"tools,omitempty"`
	Tool        string                `yaml:"tool,omitempty"`
	Geometry    []string              `yaml:"geometry,omitempty"`
	Instances   *project.Count        `yaml:"instances,omitempty"`
	Tracking    bool                  `yaml:"instance_tracking,omitempty"`
	Overlap     *project.Overlap      `yaml:"overlap,omitempty"`
	Inside      string                `yaml:"must_be_inside,omitempty"`
	LinkTo      string                `yaml:"link_to,omitempty"`
	ToleranceMM float64               `yaml:"tolerance_mm,omitempty"`
	Limits      *project.TargetLimits `yaml:"limits,omitempty"`
	Quality     *project.Quality      `yaml:"qc,omitempty"`
	Attributes  []project.Question    `yaml:"attributes,omitempty"`
}

type code struct {
	Scheme  string `yaml:"scheme"`
	Code    string `yaml:"code"`
	Meaning string `yaml:"meaning"`
}

type readerRecord struct {
	ID         string `yaml:"id"`
	Name       string `yaml:"name"`
	Role       string `yaml:"role"`
	SigningKey string `yaml:"signing_key"`
	DeviceKey  string `yaml:"device_key"`
	Recipient  string `yaml:"recipient"`
	Recovery   string `yaml:"recovery"`
	Revoked    bool   `yaml:"revoked,omitempty"`
}

type server struct {
	URL    string `yaml:"url,omitempty"`
	TLSPin string `yaml:"tls_pin,omitempty"`
	LogKey string `yaml:"log_key,omitempty"`
}

// Parse reads a project file and checks it. Errors are of kind Invalid, Unsupported or NotPermitted and name the field, and the line where it
// stands; those of the YAML itself name line and column.
func Parse(r io.Reader) (*project.Definition, error) {
	return parse(r, (*project.Definition).Check)
}

// ParseTemplate is Parse for a file that lacks its people, such as the examples that ship with the program: the lead adds the roster.
func ParseTemplate(r io.Reader) (*project.Definition, error) {
	return parse(r, (*project.Definition).CheckSchema)
}

func parse(r io.Reader, check func(*project.Definition) error) (*project.Definition, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the project file: %w", err)
	}
	if len(b) > MaxSize {
		return nil, project.Errorf(project.Invalid, "a project file has at most %d MB", MaxSize>>20)
	}
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict())
	if err := dec.Decode(&f); err != nil {
		return nil, decodeError(err)
	}
	f.takeBareWords(b)
	d, err := f.definition()
	if err == nil {
		fillMeanings(d)
		err = check(d)
	}
	if err == nil {
		err = Check(d)
	}
	if err != nil {
		return nil, withLine(err, b)
	}
	return d, nil
}

// decodeError keeps the library's line and column and drops its excerpt of the file.
func decodeError(err error) error {
	if errors.Is(err, io.EOF) {
		return project.Errorf(project.Invalid, "the project file is empty")
	}
	var y yaml.Error
	if !errors.As(err, &y) {
		return project.Errorf(project.Invalid, "the project file is not YAML of the form that is expected")
	}
	if token := y.GetToken(); token != nil {
		return project.Errorf(project.Invalid, "line %d, column %d: %s", token.Position.Line, token.Position.Column, y.GetMessage())
	}
	return project.Errorf(project.Invalid, "%s", y.GetMessage())
}

func (f *file) definition() (*project.Definition, error) {
	d := &project.Definition{Schema: f.Schema, Project: f.Project,
		Schemes: f.Schemes, StudyForm: f.StudyForm, Reading: f.Reading, Resolution: f.Resolution, Metrics: f.Metrics,
		Inclusion: f.Inclusion, Display: f.Display, Effort: f.Effort, Export: f.Export}
	for n, c := range f.Classes {
		out, err := c.class(n)
		if err != nil {
			return nil, err
		}
		d.Classes = append(d.Classes, out)
	}
	for _, r := range f.Readers {
		out, err := r.reader()
		if err != nil {
			return nil, err
		}
		d.Readers = append(d.Readers, out)
	}
	var err error
	d.Server, err = f.Server.server()
	return d, err
}

// class returns the class that stands at place n of the list, which picks the colour where none is given.
func (c class) class(n int) (project.Class, error) {
	out := project.Class{ID: c.ID, Value: c.Value, Name: c.Name, Colour: project.Palette[n%len(project.Palette)], Kind: c.Kind, Laterality: c.Laterality,
		Modalities: c.Modalities, Tools: c.Tools, Tool: c.Tool, Geometry: c.Geometry, Instances: c.Instances, Tracking: c.Tracking, Overlap: c.Overlap,
		Inside: c.Inside, LinkTo: c.LinkTo, ToleranceMM: c.ToleranceMM, Limits: c.Limits, Quality: c.Quality, Attributes: c.Attributes}
	if c.Color != "" {
		colour, err := project.ParseColour(c.Color)
		if err != nil {
			return out, project.Fieldf(project.Invalid, "classes."+c.ID+".color", "%v", err)
		}
		out.Colour = colour
	}
	for _, field := range []struct {
		name string
		in   *code
		out  *project.Code
	}{{"category", c.Category, &out.Category}, {"type", c.Type, &out.Type}, {"anatomic_region", c.Region, &out.Region}} {
		if field.in == nil {
			continue
		}
		if field.in.Scheme == "" || field.in.Code == "" || field.in.Meaning == "" {
			return out, project.Fieldf(project.Invalid, "classes."+c.ID+"."+field.name, "a code is scheme, code and meaning, always the three together")
		}
		*field.out = project.Code{Value: field.in.Code, Scheme: field.in.Scheme, Meaning: field.in.Meaning}
	}
	return out, nil
}

func (r readerRecord) reader() (project.Reader, error) {
	out := project.Reader{ID: project.ReaderID(r.ID), Name: r.Name, Role: project.Role(r.Role), Recipient: r.Recipient, Recovery: r.Recovery, Revoked: r.Revoked}
	for _, field := range []struct {
		name, in string
		out      *ed25519.PublicKey
	}{{"signing_key", r.SigningKey, &out.SigningKey}, {"device_key", r.DeviceKey, &out.DeviceKey}} {
		key, err := base64.StdEncoding.Strict().DecodeString(field.in)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return out, project.Errorf(project.Invalid, "readers.%s.%s: must be 32 bytes in base64", project.ShortFingerprint(r.ID), field.name)
		}
		*field.out = key
	}
	return out, nil
}

func (s server) server() (project.Server, error) {
	out := project.Server{URL: s.URL}
	if s.TLSPin != "" {
		pin, err := project.ParseHash(s.TLSPin)
		if err != nil {
			return out, project.Errorf(project.Invalid, "server.tls_pin: %w", err)
		}
		out.TLSPin = pin
	}
	if s.LogKey != "" {
		key, err := base64.StdEncoding.Strict().DecodeString(s.LogKey)
		if err != nil {
			return out, project.Errorf(project.Invalid, "server.log_key: must be base64")
		}
		out.LogKey = key
	}
	return out, nil
}

// Write writes d as a project file: what Parse reads gives d again, but for the case key, which stands only in the signed form.
func Write(w io.Writer, d *project.Definition) error {
	f := file{Schema: d.Schema, Project: d.Project,
		Schemes: d.Schemes, StudyForm: d.StudyForm, Reading: d.Reading, Resolution: d.Resolution, Metrics: d.Metrics,
		Inclusion: d.Inclusion, Display: d.Display, Effort: d.Effort, Export: d.Export}
	for _, c := range d.Classes {
		f.Classes = append(f.Classes, classOf(c))
	}
	for _, r := range d.Readers {
		f.Readers = append(f.Readers, recordOf(r))
	}
	if d.Server.URL != "" {
		f.Server = server{d.Server.URL, d.Server.TLSPin.String(), base64.StdEncoding.EncodeToString(d.Server.LogKey)}
	}
	return yaml.NewEncoder(w, yaml.IndentSequence(true)).Encode(f)
}

// WriteReader writes r as the list entry that a lead pastes under readers.
func WriteReader(w io.Writer, r project.Reader) error {
	return yaml.NewEncoder(w, yaml.IndentSequence(true)).Encode([]readerRecord{recordOf(r)})
}

// ParseReaders reads public records as WriteReader writes them: a list with one person or more.
func ParseReaders(r io.Reader) ([]project.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the public record: %w", err)
	}
	if len(b) > MaxSize {
		return nil, project.Errorf(project.Invalid, "a public record has at most %d MB", MaxSize>>20)
	}
	var records []readerRecord
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&records); err != nil {
		return nil, decodeError(err)
	}
	var out []project.Reader
	for _, record := range records {
		reader, err := record.reader()
		if err == nil {
			err = reader.Check()
		}
		if err != nil {
			return nil, err
		}
		out = append(out, reader)
	}
	return out, nil
}

func recordOf(r project.Reader) readerRecord {
	b64 := base64.StdEncoding.EncodeToString
	return readerRecord{string(r.ID), r.Name, string(r.Role), b64(r.SigningKey), b64(r.DeviceKey), r.Recipient, r.Recovery, r.Revoked}
}

func classOf(c project.Class) class {
	return class{ID: c.ID, Value: c.Value, Name: c.Name, Color: c.Colour.String(), Category: codeOf(c.Category), Type: codeOf(c.Type), Kind: c.Kind,
		Region: codeOf(c.Region), Laterality: c.Laterality, Modalities: c.Modalities, Tools: c.Tools, Tool: c.Tool, Geometry: c.Geometry,
		Instances: c.Instances, Tracking: c.Tracking, Overlap: c.Overlap, Inside: c.Inside, LinkTo: c.LinkTo, ToleranceMM: c.ToleranceMM,
		Limits: c.Limits, Quality: c.Quality, Attributes: c.Attributes}
}

func codeOf(c project.Code) *code {
	if c.IsZero() {
		return nil
	}
	return &code{Scheme: c.Scheme, Code: c.Value, Meaning: c.Meaning}
}
