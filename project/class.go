package project

import (
	"math"
	"slices"
	"strconv"
)

// Class is a kind of segment, mark, measurement or label that readers make.
type Class struct {
	ID       string `json:"id" yaml:"id"`       // stable, never reused: lower-case letters, digits and _
	Value    int    `json:"value" yaml:"value"` // label-map value in exports, 1..65535; may be 0 where nothing is drawn
	Name     string `json:"name" yaml:"name"`
	Colour   Colour `json:"color" yaml:"color"`
	Category Code   `json:"category" yaml:"category"` // segmented property category
	Type     Code   `json:"type" yaml:"type"`         // segmented property type

	Kind        ClassKind     `json:"kind,omitempty" yaml:"kind,omitempty"` // empty: segment
	Region      Code          `json:"anatomic_region,omitzero" yaml:"anatomic_region,omitempty"`
	Laterality  string        `json:"laterality,omitempty" yaml:"laterality,omitempty"` // required, optional
	Modalities  []Modality    `json:"modalities,omitempty" yaml:"modalities,omitempty"` // empty: all
	Tools       []string      `json:"tools,omitempty" yaml:"tools,omitempty"`
	Tool        string        `json:"tool,omitempty" yaml:"tool,omitempty"`         // of a measurement
	Geometry    []string      `json:"geometry,omitempty" yaml:"geometry,omitempty"` // of a detection: box2d, box3d, ellipse, point
	Instances   *Count        `json:"instances,omitempty" yaml:"instances,omitempty"`
	Tracking    bool          `json:"instance_tracking,omitempty" yaml:"instance_tracking,omitempty"` // one Tracking UID an instance, over time points
	Overlap     *Overlap      `json:"overlap,omitempty" yaml:"overlap,omitempty"`
	Inside      string        `json:"must_be_inside,omitempty" yaml:"must_be_inside,omitempty"` // a class
	LinkTo      string        `json:"link_to,omitempty" yaml:"link_to,omitempty"`               // the class whose Tracking UID a measurement shares
	ToleranceMM float64       `json:"tolerance_mm,omitempty" yaml:"tolerance_mm,omitempty"`     // of the normalised surface distance
	Limits      *TargetLimits `json:"limits,omitempty" yaml:"limits,omitempty"`
	Quality     *Quality      `json:"qc,omitempty" yaml:"qc,omitempty"`
	Attributes  []Question    `json:"attributes,omitempty" yaml:"attributes,omitempty"`
}

// ClassKind is what an instance of a class is.
type ClassKind string

// The kinds of classes.
const (
	KindSegment        ClassKind = "segment"        // a mask
	KindDetection      ClassKind = "detection"      // a box or point
	KindMeasurement    ClassKind = "measurement"    // a length or the like
	KindClassification ClassKind = "classification" // a label
)

// Is reports whether c is of kind k; a class that names none is a segment.
func (c *Class) Is(k ClassKind) bool { return c.Kind == k || c.Kind == "" && k == KindSegment }

// Count is how many instances a study may have.
type Count struct {
	Min int `json:"min" yaml:"min"`
	Max int `json:"max" yaml:"max"`
}

// Overlap lists the classes whose voxels may be those of this class too; that one of two lists the other is enough.
type Overlap struct {
	AllowWith []string `json:"allow_with" yaml:"allow_with"`
}

// TargetLimits are what makes a lesion a measurable target, in millimetres and pieces; 0 is no limit.
type TargetLimits struct {
	MinLongAxisMM       float64 `json:"min_long_axis_mm,omitempty" yaml:"min_long_axis_mm,omitempty"`
	LymphNodeMinShortMM float64 `json:"lymph_node_min_short_axis_mm,omitempty" yaml:"lymph_node_min_short_axis_mm,omitempty"`
	MaxTargets          int     `json:"max_targets,omitempty" yaml:"max_targets,omitempty"`
	MaxPerOrgan         int     `json:"max_per_organ,omitempty" yaml:"max_per_organ,omitempty"`
}

// Quality is what a segment is checked for before its read is signed.
type Quality struct {
	VolumeML         *Range `json:"volume_ml,omitempty" yaml:"volume_ml,omitempty"`
	Components       *Range `json:"components,omitempty" yaml:"components,omitempty"` // pieces that do not touch
	SlicesWithoutGap *Range `json:"slices_without_gap,omitempty" yaml:"slices_without_gap,omitempty"`
}

// Range is what is expected, both ends included, and what happens otherwise.
type Range struct {
	Min      *float64 `json:"min,omitempty" yaml:"min,omitempty"`
	Max      *float64 `json:"max,omitempty" yaml:"max,omitempty"`
	Severity string   `json:"severity" yaml:"severity"` // warn, error
}

func (d *Definition) checkClasses() error {
	if len(d.Classes) == 0 {
		return Fieldf(Invalid, "classes", "a project needs at least one")
	}
	ids, values := map[string]bool{}, map[int]string{}
	for _, c := range d.Classes {
		if !validID(c.ID) {
			return Fieldf(Invalid, "classes", "the id %q must be lower-case letters, digits and _, starting with a letter", c.ID)
		}
		if ids[c.ID] {
			return Fieldf(Invalid, "classes", "the id %s occurs twice", c.ID)
		}
		if err := c.checkValue(); err != nil {
			return err
		}
		if other := values[c.Value]; other != "" && c.Value != 0 {
			return Fieldf(Invalid, "classes."+c.ID, "the value %d is taken by %s", c.Value, other)
		}
		if c.Name == "" {
			return Fieldf(Invalid, "classes."+c.ID, "the name is empty")
		}
		ids[c.ID], values[c.Value] = true, c.ID
	}
	for i := range d.Classes {
		if err := d.checkClass(&d.Classes[i]); err != nil {
			return err
		}
	}
	return d.checkInside()
}

func (c *Class) checkValue() error {
	if err := oneOf("classes."+c.ID+".kind", string(c.Kind), "segment", "detection", "measurement", "classification"); err != nil {
		return err
	}
	if c.Value == 0 && (c.Is(KindMeasurement) || c.Is(KindClassification)) {
		return nil
	}
	if c.Value < 1 || c.Value > 65535 {
		return Fieldf(Invalid, "classes."+c.ID, "the value must be 1 to 65535")
	}
	return nil
}

func (d *Definition) checkClass(c *Class) error {
	path := "classes." + c.ID
	if c.Instances != nil && (c.Instances.Min < 0 || c.Instances.Max < 1 || c.Instances.Min > c.Instances.Max) {
		return Fieldf(Invalid, path+".instances", "min is 0 or more, max 1 or more and not below min")
	}
	if !(c.ToleranceMM >= 0) || math.IsInf(c.ToleranceMM, 0) {
		return Fieldf(Invalid, path+".tolerance_mm", "must be millimetres, 0 or more")
	}
	refs := map[string][]string{".must_be_inside": {c.Inside}, ".link_to": {c.LinkTo}}
	if c.Overlap != nil {
		refs[".overlap"] = c.Overlap.AllowWith
	}
	for _, field := range []string{".must_be_inside", ".link_to", ".overlap"} {
		for _, id := range refs[field] {
			if _, ok := d.Class(id); id != "" && !ok {
				return Fieldf(Invalid, path+field, "there is no class %q", id)
			}
			if id == c.ID {
				return Fieldf(Invalid, path+field, "a class cannot refer to itself")
			}
		}
	}
	if err := checkModalities(path+".modalities", c.Modalities); err != nil {
		return err
	}
	if err := c.checkWords(path); err != nil {
		return err
	}
	return checkQuestions(path+".attributes", c.Attributes)
}

func (c *Class) checkWords(path string) error {
	for _, g := range c.Geometry {
		if err := oneOf(path+".geometry", g, "box2d", "box3d", "ellipse", "point"); err != nil {
			return err
		}
	}
	if len(c.Geometry) > 0 && !c.Is(KindDetection) {
		return Fieldf(Invalid, path+".geometry", "only a detection has a geometry")
	}
	if err := oneOf(path+".laterality", c.Laterality, "required", "optional"); err != nil {
		return err
	}
	if c.Quality == nil {
		return nil
	}
	for _, r := range []struct {
		name string
		*Range
	}{{".volume_ml", c.Quality.VolumeML}, {".components", c.Quality.Components}, {".slices_without_gap", c.Quality.SlicesWithoutGap}} {
		if r.Range == nil {
			continue
		}
		if r.Severity != "warn" && r.Severity != "error" {
			return Fieldf(Invalid, path+".qc"+r.name, "the severity is warn or error, not %s", strconv.Quote(r.Severity))
		}
		if r.Min != nil && r.Max != nil && !(*r.Min <= *r.Max) {
			return Fieldf(Invalid, path+".qc"+r.name, "max is below min")
		}
	}
	return nil
}

// checkInside refuses classes that would each have to lie inside the other.
func (d *Definition) checkInside() error {
	for _, c := range d.Classes {
		seen := []string{c.ID}
		for at := c.Inside; at != ""; {
			if slices.Contains(seen, at) {
				return Fieldf(Invalid, "classes."+c.ID+".must_be_inside", "goes in a circle: %s", join(append(seen, at)))
			}
			seen = append(seen, at)
			next, _ := d.Class(at)
			at = next.Inside
		}
	}
	return nil
}

// MayOverlap reports whether voxels may belong to both classes: one lists the other, or one must lie inside the other.
func (d *Definition) MayOverlap(a, b string) bool {
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		c, _ := d.Class(pair[0])
		if c.Inside == pair[1] || c.Overlap != nil && slices.Contains(c.Overlap.AllowWith, pair[1]) {
			return true
		}
	}
	return a == b
}
