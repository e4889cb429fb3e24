package main

import (
	"context"
	"fmt"
	"image"
	"math"
	"path/filepath"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/store"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/soft"
)

// strokeBytes is about what the journal entry of strokeOp takes; SQLite commits as much.
const strokeBytes = 700

// strokeOp is a stroke of 40 samples with a brush of 40 pixels on one slice; n moves it about.
func strokeOp(g *volume.Geometry, n int) edit.Op {
	op := edit.Op{Op: "brush", Segment: edit.Ref{Number: 1}, Plane: "axial", RadiusMM: 20 * g.Spacing[0]}
	for s := range 40 {
		x := volume.Index{float64(g.Size[0])*0.2 + 3*float64(s), float64(g.Size[1])*0.3 + 8*float64(n%20) + 10*math.Sin(float64(s)*0.3), float64(10 + n%(g.Size[2]-21))}
		op.PointsMM = append(op.PointsMM, g.ToPatient(x))
	}
	return op
}

func newHistory(g *volume.Geometry) (*edit.History, error) {
	h := edit.New([]edit.Image{{Geometry: g}}, nil)
	_, err := h.Do(edit.Op{Op: "add_segment", Name: "Liver"})
	return h, err
}

// undo: a change is taken back and done again, and each time the picture is drawn.
func undo(args []string) (operation, error) {
	size, spacing, err := gridOf(args[0], args[1])
	if err != nil {
		return nil, err
	}
	v, err := emptyVolume(size, spacing)
	if err != nil {
		return nil, err
	}
	h, err := newHistory(&v.Geometry)
	if err != nil {
		return nil, err
	}
	ops := []edit.Op{{Op: "brush", Segment: edit.Ref{Number: 1}, Shape: "sphere", RadiusMM: 80, PointsMM: []volume.Point{v.Centre()}}}
	if args[2] == "deletion" {
		ops = append(ops, edit.Op{Op: "delete_segment", Segment: edit.Ref{Number: 1}})
	} else {
		ops = append(ops, strokeOp(&v.Geometry, size[2]/2))
	}
	for _, op := range ops {
		if _, err := h.Do(op); err != nil {
			return nil, err
		}
	}
	r, picture := soft.New(), image.NewRGBA(image.Rect(0, 0, 1024, 1024))
	scene := render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, size[2]/2, fieldMM/1024), VOI: softTissue}
	return func() ([]float64, string, error) {
		var out []float64
		for n := range 40 {
			start := time.Now()
			move := h.Undo
			if n%2 == 1 {
				move = h.Redo
			}
			if _, err := move(); err != nil {
				return nil, "", err
			}
			scene.Layers = nil
			for _, s := range h.Set().Segments() {
				scene.Layers = append(scene.Layers, render.Layer{Mask: s.Mask, Fill: 0.3, Outline: true})
			}
			if err := r.DrawInto(context.Background(), scene, picture); err != nil {
				return nil, "", err
			}
			out = append(out, time.Since(start).Seconds())
		}
		return out, "", nil
	}, nil
}

// reading is a project folder with one open read, and the history of it.
type reading struct {
	store   *store.Store
	read    project.ReadID
	history *edit.History
	g       *volume.Geometry
	strokes int
}

func newReading(dir, size, spacing string) (*reading, error) {
	n, mm, err := gridOf(size, spacing)
	if err != nil {
		return nil, err
	}
	people, err := newTeam(dir)
	if err != nil {
		return nil, err
	}
	r := &reading{g: &volume.Geometry{Size: n, Spacing: mgl64.Vec3(mm), Direction: mgl64.Ident3(), FrameOfReference: "2.25.3"}}
	if r.store, err = store.Create(filepath.Join(dir, "project"), people.reader, people.definition, store.Options{Program: "bench"}); err != nil {
		return nil, err
	}
	picture := store.Image{Series: "2.25.2", Modality: "CT", Geometry: *r.g}
	for k := range n[2] {
		picture.Instances = append(picture.Instances, store.Instance{UID: project.InstanceUID(fmt.Sprintf("2.25.4.%d", k)), Class: "1.2.840.10008.5.1.4.1.1.2",
			SHA256: project.HashOf(fmt.Appendf(nil, "slice %d", k)), Place: store.Place{Path: fmt.Sprint(k)}})
	}
	if err := r.store.AddItem(store.Item{ID: people.item(), Study: benchStudy, Added: now, Images: []store.Image{picture}}); err != nil {
		return nil, err
	}
	read, err := r.store.AddRead(project.ReadSeat{Item: people.item(), Reader: people.reader.ReaderID()}, "")
	if err != nil {
		return nil, err
	}
	r.read, r.history = read.ID, edit.New([]edit.Image{{Geometry: r.g}}, people.parsed.Classes)
	e, err := r.history.Do(edit.Op{Op: "add_segment", Class: "liver"})
	if err != nil {
		return nil, err
	}
	return r, r.store.AppendEdit(r.read, e).Wait(context.Background())
}

// stroke draws one and waits until it is on the disk. It returns how long that took from pointer up, or from when its entry was ready.
func (r *reading) stroke(fromPointerUp bool) (seconds float64, bytes int, err error) {
	r.strokes++
	drag, err := r.history.Begin(strokeOp(r.g, r.strokes))
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	e, err := drag.Commit()
	if err != nil {
		return 0, 0, err
	}
	if !fromPointerUp {
		start = time.Now()
	}
	if err := r.store.AppendEdit(r.read, e).Wait(context.Background()); err != nil {
		return 0, 0, err
	}
	seconds = time.Since(start).Seconds()
	r.history.Saved(e.Seq)
	return seconds, len(e.Marshal()), nil
}

// commit: strokes, sealed and journaled with their audit events, each durable before the next. Every one is a figure.
func commit(args []string) (operation, error) {
	r, err := newReading(args[2], args[0], args[1])
	if err != nil {
		return nil, err
	}
	return func() ([]float64, string, error) {
		var out []float64
		total := 0
		for range 100 {
			seconds, bytes, err := r.stroke(len(args) > 3)
			if err != nil {
				return nil, "", err
			}
			out, total = append(out, seconds), total+bytes
		}
		return out, fmt.Sprintf("%d bytes a change", total/100), nil
	}, nil
}
