package flow

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/keys"
	"hotlight/project/phantom"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/sync/server"
)

// DemoOptions say where and how big.
type DemoOptions struct {
	Dir      string                // made if it is not there; must be empty
	Phantom  phantom.Options       // the zero value is the demo study
	Say      func(line string)     // each step, as a sentence; may be nil
	Progress func(done, total int) // of the slow steps; may be nil
}

// Demo is what the demo left behind: real projects of real people, whose vaults one passphrase opens.
type Demo struct {
	Dir, Images string
	Passphrase  []byte
	Lead, First Seat // First has signed and sent
	Second      Seat // has painted and not signed: the workstation opens here
	Item        project.ItemID
	Record      project.SignedRead // First's, as the lead verified it
}

// Seat is a person of the demo: the vault file and the project folder.
type Seat struct {
	Name, Vault, Project string
	ID                   project.ReaderID
}

// RunDemo does the whole main job on the built-in phantom: computes the study, makes three people and a definition that the lead signs, has
// both readers paint the liver and a lesion by script, signs and seals the first read, sends it through a server on the loopback, fetches it
// as the lead, verifies it, and compares the masks. Every part is the real one.
func RunDemo(ctx context.Context, o DemoOptions) (*Demo, error) {
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if err := emptyDir(o.Dir); err != nil {
		return nil, err
	}
	d := &demo{o: o, out: Demo{Dir: o.Dir, Images: filepath.Join(o.Dir, "images")}}
	steps := []func(context.Context) error{d.scanPatient, d.makePeople, d.startServer, d.makeProjects, d.readFirst, d.readSecond, d.sign, d.send, d.fetch}
	defer d.stop()
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return &d.out, nil
}

// demo is one run.
type demo struct {
	o       DemoOptions
	out     Demo
	truth   *phantom.Truth
	holders map[string]*keys.Holder // by Seat.Name
	server  *server.Server
	serving chan error
	def     project.Definition
	open    map[string]*Project
}

func emptyDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the demo's folder: %w", pathFree(err))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("make the demo's folder: %w", pathFree(err))
	}
	if len(entries) > 0 {
		return project.Errorf(project.Conflict, "the demo's folder must be empty; nothing was changed")
	}
	return nil
}

func (d *demo) scanPatient(ctx context.Context) error {
	start := time.Now()
	v, truth, err := phantom.Compute(ctx, d.o.Phantom, d.o.Progress)
	if err != nil {
		return err
	}
	d.truth = truth
	if err := roomForStudy(d.o.Dir, v.Size); err != nil {
		return err
	}
	if err := phantom.WriteDICOM(ctx, d.out.Images, v, phantom.StudyOptions{Seed: d.o.Phantom.Seed}); err != nil {
		return err
	}
	d.say("Computed a CT of the trunk, %d x %d x %d voxels, as %d DICOM files in %.1f s.", v.Size[0], v.Size[1], v.Size[2], v.Size[2], time.Since(start).Seconds())
	return nil
}

func (d *demo) makePeople(ctx context.Context) error {
	d.out.Passphrase = randomPassphrase()
	d.holders, d.open = map[string]*keys.Holder{}, map[string]*Project{}
	for _, person := range []struct {
		seat *Seat
		name string
		dir  string
		role project.Role
	}{{&d.out.Lead, "Prof. L. Berg", "lead", project.Lead}, {&d.out.First, "Dr. R. Okafor", "reader-1", project.Radiologist}, {&d.out.Second, "Dr. M. Sato", "reader-2", project.Radiologist}} {
		home := filepath.Join(d.o.Dir, person.dir)
		if err := os.Mkdir(home, 0o700); err != nil {
			return fmt.Errorf("make a person's folder: %w", pathFree(err))
		}
		*person.seat = Seat{Name: person.name, Vault: filepath.Join(home, "vault.hlv"), Project: filepath.Join(home, "project")}
		// The recovery key would be printed here. The demo's people do not outlive their folder, so it is let go.
		if _, err := keys.Create(person.seat.Vault, keys.Profile{Name: person.name, Role: person.role}, d.out.Passphrase); err != nil {
			return err
		}
		vault, err := keys.Open(person.seat.Vault)
		if err != nil {
			return err
		}
		if d.holders[person.name], err = vault.Unlock(d.out.Passphrase); err != nil {
			return err
		}
		person.seat.ID = vault.Public().ID
		d.def.Readers = append(d.def.Readers, vault.Public())
	}
	d.say("Made the keys of a lead and two readers, each sealed in a vault by a passphrase.")
	return nil
}

// randomPassphrase has 120 bits.
func randomPassphrase() []byte {
	secret := make([]byte, 15)
	rand.Read(secret) // never fails: crypto/rand ends the program instead
	return []byte(base64.RawURLEncoding.EncodeToString(secret))
}

func (d *demo) startServer(ctx context.Context) error {
	var err error
	if d.server, err = server.Open(filepath.Join(d.o.Dir, "server"), server.Options{}); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on the loopback: %w", err)
	}
	d.serving = make(chan error, 1)
	go func() { d.serving <- d.server.Serve(l) }()
	d.def.Server = project.Server{URL: "https://" + l.Addr().String(), TLSPin: d.server.TLSPin(), LogKey: d.server.LogKey()}
	d.say("Started the central server on the loopback, TLS pin %s.", d.server.TLSPin().String()[:16])
	return nil
}

func (d *demo) stop() {
	for _, p := range d.open {
		p.Close()
	}
	if d.server != nil {
		d.server.Close()
		<-d.serving
	}
}

func (d *demo) say(format string, args ...any) { d.o.Say(fmt.Sprintf(format, args...)) }

// strokes turns a known structure into edits: disc strokes slice by slice, on the grid of g.
func strokes(class string, truth *phantom.Truth, name string, g *volume.Geometry) ([]edit.Op, error) {
	shape, ok := truth.Shape(name)
	if !ok {
		return nil, project.Errorf(project.NotFound, "the phantom has no %s", name)
	}
	var ops []edit.Op
	for _, s := range phantom.Strokes(shape, g) {
		ops = append(ops, edit.Op{Op: "brush", Segment: edit.Ref{Name: class}, Shape: "disc", Plane: "acquired", RadiusMM: s.RadiusMM, PointsMM: s.Points})
	}
	return ops, nil
}

// sameSegments compares what arrived with what was drawn, voxel by voxel.
func sameSegments(got []*segmentation.Segment, want *segmentation.Set) error {
	if len(got) != len(want.Segments()) {
		return project.Errorf(project.Corrupt, "%d segments arrived, %d were drawn", len(got), len(want.Segments()))
	}
	for _, g := range got {
		w, ok := want.Find(g.Number)
		if !ok || !w.Mask.Equal(g.Mask) {
			return project.Errorf(project.Corrupt, "segment %d is not what was drawn", g.Number)
		}
	}
	return nil
}

// OpenLead opens the lead's project again.
func (d *Demo) OpenLead() (*Project, error) { return d.openSeat(d.Lead) }

// OpenSecond opens the project of the reader who has not signed yet, for the workstation.
func (d *Demo) OpenSecond() (*Project, error) { return d.openSeat(d.Second) }

func (d *Demo) openSeat(s Seat) (*Project, error) {
	vault, err := keys.Open(s.Vault)
	if err != nil {
		return nil, err
	}
	h, err := vault.Unlock(d.Passphrase)
	if err != nil {
		return nil, err
	}
	return OpenProject(s.Project, h)
}
