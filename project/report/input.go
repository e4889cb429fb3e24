package report

import (
	"context"
	"math"
	"slices"
	"time"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Input is everything that the report is made of, wherever it came from.
type Input struct {
	Definition *project.Definition
	Hash       project.Hash // SHA-256 of Digested
	Digested   string       // what Hash is the digest of: "the project file" or "the signed definition"
	Panel      Panel
	Reads      []*Read // by study, reader, stage and repeat
	Files      []File  // by name; empty where there were none
	Source     string  // "a folder of reads", "a project"
	Warnings   []string
}

// Panel is the file panel.json: see READS.md.
type Panel struct {
	Schema        string         `json:"schema"`
	Period        *Period        `json:"period,omitempty"`
	Readers       []Reader       `json:"readers"`
	Studies       []Study        `json:"studies"`
	Excluded      []Excluded     `json:"excluded,omitempty"`
	Adjudications []Adjudication `json:"adjudications,omitempty"`
	Deviations    []Deviation    `json:"deviations,omitempty"`
	ROC           []ROCPlan      `json:"roc,omitempty"`
	Effort        *Effort        `json:"effort,omitempty"`
	Audit         *Audit         `json:"audit,omitempty"`
	Blinding      string         `json:"blinding,omitempty"`
	Dataset       *Dataset       `json:"dataset,omitempty"`
}

// Period is the days of reading, both included, as YYYY-MM-DD.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Role of a person in a panel: project's roles, and RoleReference.
type Role string

// RoleReference marks an external truth, which is no reader.
const RoleReference Role = "reference"

// Reader is a person by pseudonym, or the reference.
type Reader struct {
	ID             string  `json:"id"`
	Role           Role    `json:"role"`
	Specialty      string  `json:"specialty,omitempty"`
	Years          float64 `json:"years,omitempty"`
	BoardCertified *bool   `json:"board_certified,omitempty"`
	Site           string  `json:"site,omitempty"`
	Training       string  `json:"training,omitempty"`
}

func (r Reader) reads() bool { return project.Role(r.Role).Reads() }

// Study is one study of one patient, by pseudonyms.
type Study struct {
	ID         string           `json:"id"`
	Patient    string           `json:"patient,omitempty"`
	Modality   project.Modality `json:"modality"`
	Batch      string           `json:"batch,omitempty"`
	Site       string           `json:"site,omitempty"`
	Vendor     string           `json:"vendor,omitempty"`
	AgeBand    string           `json:"age_band,omitempty"`
	Sex        string           `json:"sex,omitempty"`
	Split      string           `json:"split,omitempty"`
	Slices     int              `json:"slices,omitempty"`
	SliceMM    float64          `json:"slice_mm,omitempty"`
	Image      string           `json:"image,omitempty"`
	Conditions map[string]bool  `json:"conditions,omitempty"`

	// Pixels reads the study's image for pictures; nil: there is none.
	Pixels func(ctx context.Context) (*volume.Volume, error) `json:"-"`
}

// Excluded is a study that is in no number, and why.
type Excluded struct {
	Study   string `json:"study"`
	Patient string `json:"patient,omitempty"`
	Stage   string `json:"stage"` // before_reading, after_reading
	Reason  string `json:"reason"`
}

// Adjudication is one decision of an adjudicator.
type Adjudication struct {
	Study       string    `json:"study"`
	Subject     string    `json:"subject"` // Class.ID or Question.ID
	Instance    int       `json:"instance,omitempty"`
	Adjudicator string    `json:"adjudicator"`
	Decided     time.Time `json:"decided,omitzero"`
	Seconds     float64   `json:"seconds,omitempty"`
	Decision    string    `json:"decision"`
	Rationale   string    `json:"rationale,omitempty"`
}

// Deviation is something that was not done as the protocol says.
type Deviation struct {
	Study  string `json:"study,omitempty"`
	Reader string `json:"reader,omitempty"`
	Text   string `json:"text"`
	Impact string `json:"impact,omitempty"`
	Action string `json:"action,omitempty"`
	Found  string `json:"found,omitempty"` // "by the report" for those that Build finds; never in a file
}

// ROCPlan asks how well a question's scale tells a condition.
type ROCPlan struct {
	Condition string `json:"condition"`
	Question  string `json:"question"`
}

// Effort is what an hour costs, by role.
type Effort struct {
	Currency string                   `json:"currency"`
	Rates    map[project.Role]float64 `json:"rates"`
}

// Audit is the head of the audit log as the reads were taken from it.
type Audit struct {
	LogSize    int64  `json:"log_size"`
	Checkpoint string `json:"checkpoint"`
	Verified   bool   `json:"verified"`
}

// Dataset is what only people know about the data.
type Dataset struct {
	Source           string   `json:"source,omitempty"`
	Inclusion        string   `json:"inclusion,omitempty"`
	Deidentification string   `json:"deidentification,omitempty"`
	Splits           string   `json:"splits,omitempty"`
	Licence          string   `json:"licence,omitempty"`
	Limitations      []string `json:"limitations,omitempty"`
}

// Read is one pass over one study: a reader's, an adjudicator's decision, or the reference.
type Read struct {
	Name         string // where it came from: the file, or the read's id
	Study        string
	Reader       string
	Stage        string // empty of an adjudicator's and the reference's
	Repeat       int
	Version      int // of the definition; 0: not said
	Started      time.Time
	Signed       time.Time
	Seconds      float64           // active time; NaN: not known
	Answers      map[string]Answer // by question, or "question/part" for what is asked once a breast or lesion
	Marks        []Mark
	Measurements []Measurement
	Segments     []SegmentOf // what the masks' files hold, without the masks
	Signature    *SignatureOf
	Digest       project.Hash // of the read's bytes

	// Draw reads the masks, all on one grid; nil: there are none. It may be called several times, and from any goroutine.
	Draw func(ctx context.Context) (*Drawn, error)
}

// Answer to one question: one of the three, as the question's type says.
type Answer struct {
	Text   string
	Number float64
	List   []string
}

// Mark is a box or point of a detection class.
type Mark struct {
	Class  string
	Number int
	Min    volume.Point
	Max    volume.Point
	Rating float64 // NaN: none

	Attributes map[string]Answer
}

// Measurement is one number that a reader measured, of one thing: a mark of the class's link_to, or a target that all readers know by name.
type Measurement struct {
	Class  string
	Name   string // "long_axis"; empty where the class has one number
	Of     int    // number of the mark; 0: of none
	Target string
	Value  float64
	Unit   string
}

// SegmentOf names one segment of a read.
type SegmentOf struct {
	Class      string
	Instance   int
	Rating     float64 // NaN: none
	Attributes map[string]Answer
}

// SignatureOf is what the writer of the input says about a read's signature.
type SignatureOf struct {
	SHA256   string `json:"sha256"`
	Verified bool   `json:"verified"`
}

// Drawn is the masks of one read, all on one grid.
type Drawn struct {
	Geometry volume.Geometry
	Segments []Segment
}

// Segment is one drawn thing. Its mask may be empty.
type Segment struct {
	SegmentOf
	Mask *segmentation.Mask
}

// File is one file of the input.
type File struct {
	Name   string       `json:"name"`
	Size   int64        `json:"size"`
	SHA256 project.Hash `json:"sha256"`
}

// number is NaN for what was not given.
func number(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// reader returns the record of id.
func (p *Panel) reader(id string) (Reader, bool) {
	n := slices.IndexFunc(p.Readers, func(r Reader) bool { return r.ID == id })
	if n < 0 {
		return Reader{}, false
	}
	return p.Readers[n], true
}

// patient returns the study's patient: its own where none is named.
func (s *Study) patient() string {
	if s.Patient == "" {
		return "study " + s.ID
	}
	return s.Patient
}

// stage returns the id of the stage whose reads make the panel; "read" where the definition has no protocol.
func (in *Input) stage() string {
	out := "read"
	if r := in.Definition.Reading; r != nil {
		for _, s := range r.Stages {
			if s.Role.Reads() && !s.Optional && (s.Enabled == nil || *s.Enabled) {
				out = s.ID
			}
		}
	}
	return out
}
