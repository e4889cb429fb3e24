package flow

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/definition"
	"hotlight/project/phantom"
)

// ruled starts a project of the lead's under a definition that change has changed, and returns it with images of a small phantom, 12 mm apart.
func ruled(t *testing.T, c *cast, name string, change func(*project.Definition)) (*Project, string) {
	t.Helper()
	def := demoDefinition("org.example."+name, "Test")
	def.Readers = []project.Reader{c.lead.Public(), c.ann.Public(), c.bob.Public()}
	change(&def)
	var file bytes.Buffer
	must(t, definition.Write(&file, &def))
	p, err := NewProject(filepath.Join(c.base, name), &file, c.lead.Holder, "")
	must(t, err)
	t.Cleanup(func() { p.Close() })
	return p, c.images
}

func TestSeriesThatTheProjectExcludesAreListed(t *testing.T) {
	c := newCast(t)
	ctx := context.Background()
	rule := func(condition string) func(*project.Definition) {
		return func(d *project.Definition) {
			d.Inclusion = &project.Inclusion{Modalities: []project.Modality{"CT"}, Rules: []project.InclusionRule{{If: "Modality == 'CT'", Require: []string{condition}}}}
		}
	}
	p, images := ruled(t, c, "thick", rule("Rows >= 16 and has(FrameOfReferenceUID)"))
	added, err := p.AddImages(ctx, []string{images}, nil)
	if err != nil || added.New != 1 || len(added.Excluded) != 0 {
		t.Errorf("a series that is included: %+v, %v", added, err)
	}
	p, _ = ruled(t, c, "thin", rule("Rows >= 512"))
	second := filepath.Join(c.base, "second")
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{40, 40, 10}, SpacingMM: [3]float64{9, 9, 12}}, nil)
	must(t, err)
	must(t, phantom.WriteDICOM(ctx, second, v, phantom.StudyOptions{Seed: 7}))
	added, err = p.AddImages(ctx, []string{images, second}, nil)
	if project.KindOf(err) != project.NotFound || len(added.Excluded) == 0 || added.Excluded[0].Modality != "CT" || added.Excluded[0].Reasons[0] != "Rows >= 512" {
		t.Errorf("series that are kept out: %+v, %v", added, err)
	}
	p, _ = ruled(t, c, "silent", rule("KVP > 1000"))
	if _, err = p.AddImages(ctx, []string{images}, nil); err == nil || !strings.Contains(err.Error(), "KVP > 1000") {
		t.Errorf("a rule that the files do not meet: %v", err)
	}
}

func TestPeopleInConflictDoNotReadTheSameCase(t *testing.T) {
	c := newCast(t)
	p, images := ruled(t, c, "apart", func(d *project.Definition) {
		d.Reading = &project.Reading{Stages: []project.Stage{{ID: "blinded", Role: project.Radiologist, Readers: 1}}, Assignment: &project.Assignment{Exclude: &project.Exclude{
			Conflicts: []project.ConflictOfInterest{{Readers: []project.ReaderID{c.ann.ReaderID(), c.bob.ReaderID()}}}}}}
	})
	added, err := p.AddImages(context.Background(), []string{images}, nil)
	must(t, err)
	must(t, p.Assign(added.Items[0], c.ann.ReaderID()))
	wantKind(t, "the second of two people in conflict", p.Assign(added.Items[0], c.bob.ReaderID()), project.NotPermitted)
}
