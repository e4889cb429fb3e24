package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/keys"
	"hotlight/project/keys/keystest"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// team is a project's people. Each has a folder of their own.
type team struct {
	lead, reader, other *keystest.Person
	definition          *project.Envelope
	caseKey             []byte
}

// Planted texts that must never stand in a file of the store.
const (
	plantedName  = "Planted^Patient"
	plantedStudy = project.StudyUID("1.2.826.0.1.3680043.8.498.11111111")
	plantedPath  = "/mnt/pacs/Planted^Patient/1.2.826.0.1.3680043.8.498.33333333.dcm"
)

func newTeam(t testing.TB) *team {
	t.Helper()
	m := &team{
		lead:    keystest.New(t, "Planted Lead", project.Lead),
		reader:  keystest.New(t, "Planted Reader", project.Radiologist),
		other:   keystest.New(t, "Planted Other", project.Radiologist),
		caseKey: []byte("a case key that has 32 bytes, ok"),
	}
	m.definition = m.define(t, 1)
	return m
}

// define signs a version of the definition.
func (m *team) define(t testing.TB, version int, more ...project.Reader) *project.Envelope {
	t.Helper()
	def := &project.Definition{
		Schema:  project.DefinitionSchema,
		Project: project.About{ID: "org.example.planted", Title: "Planted title", Version: version},
		Classes: []project.Class{{ID: "liver", Value: 1, Name: "Planted liver", Colour: project.Palette[0]}, {ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[1]}},
		Readers: append([]project.Reader{m.lead.Public(), m.reader.Public(), m.other.Public()}, more...),
		CaseKey: m.caseKey,
	}
	body, err := def.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	e, err := project.SignEnvelope(project.DefinitionType, body, m.lead)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// item is a study of one image, 70 x 50 x 10 voxels: two bricks along each axis but the second.
func (m *team) item(n int) Item {
	study := project.StudyUID(fmt.Sprintf("%s.%d", plantedStudy, n))
	image := Image{Series: "1.2.826.0.1.3680043.8.498.22222222", Modality: "CT", Description: plantedName, Geometry: volume.Geometry{
		Size: [3]int{70, 50, 10}, Spacing: mgl64.Vec3{1, 1, 2.5}, Direction: mgl64.Ident3(), FrameOfReference: "1.2.3.4"}}
	for k := range 10 {
		image.Instances = append(image.Instances, Instance{UID: project.InstanceUID(fmt.Sprintf("1.2.826.0.1.3680043.8.498.44444444.%d", k)),
			Class: "1.2.840.10008.5.1.4.1.1.2", SHA256: project.HashOf(fmt.Appendf(nil, "file %d of %d", k, n)), Place: Place{Path: fmt.Sprintf("%s.%d", plantedPath, k)}})
	}
	return Item{ID: project.NewItemID(m.caseKey, study), Study: study, Added: time.Now().UTC(), Images: []Image{image}}
}

// newStore makes a folder of h's and closes it, checked, when the test ends.
func (m *team) newStore(t testing.TB, h *keys.Holder) (*Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "project")
	s, err := Create(dir, h, m.definition, Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, dir
}

// reading is a store with an item and an open read of it.
func (m *team) reading(t testing.TB) (*Store, string, project.ReadID) {
	t.Helper()
	s, dir := m.newStore(t, m.reader.Holder)
	read := addReading(t, s, m, 1)
	return s, dir, read
}

func addReading(t testing.TB, s *Store, m *team, n int) project.ReadID {
	t.Helper()
	it := m.item(n)
	if err := s.AddItem(it); err != nil {
		t.Fatal(err)
	}
	r, err := s.AddRead(project.ReadSeat{Item: it.ID, Reader: m.reader.ReaderID()}, "")
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// mustCheck fails the test unless the store is clean.
func mustCheck(t testing.TB, s *Store) {
	t.Helper()
	problems, err := s.Check(context.Background())
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	for _, p := range problems {
		t.Errorf("check: %s", p)
	}
}

// reopen closes s, which must be clean, and opens it again.
func reopen(t testing.TB, s *Store) *Store {
	t.Helper()
	mustCheck(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir, s.holder, Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	mustCheck(t, again)
	return again
}

func wantKind(t testing.TB, what string, err error, k project.Kind) {
	t.Helper()
	if err == nil || project.KindOf(err) != k {
		t.Errorf("%s: got %v (%v), want kind %v", what, err, project.KindOf(err), k)
	}
}

// copyFolder copies the files of a project folder.
func copyFolder(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

type brickType = segmentation.Brick
