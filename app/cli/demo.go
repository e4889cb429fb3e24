package cli

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"hotlight/app/flow"
	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/overlay"
	"hotlight/render/soft"
	"hotlight/render/voi"
)

type demoCommand struct {
	Dir string `placeholder:"DIR" help:"Where to; an empty or new folder. Default: a temporary one."`
}

// Window opens the workstation on what the demo left; main gives it where there is one.
type Window func(*flow.Demo) error

func (c *demoCommand) Run(s *session) error {
	dir := c.Dir
	if dir == "" {
		made, err := os.MkdirTemp("", "hotlight-demo-")
		if err != nil {
			return fmt.Errorf("make the demo's folder: %w", err)
		}
		dir = made
	}
	show, clear := s.progress("Demo")
	demo, err := flow.RunDemo(s.ctx, flow.DemoOptions{Dir: dir, Progress: show, Say: func(line string) {
		clear()
		if !s.json {
			fmt.Fprintln(s.Out, line)
		}
	}})
	clear()
	if err != nil {
		if c.Dir == "" {
			os.RemoveAll(dir) // nobody was told of it
		}
		return err
	}
	pictures, err := demoPictures(s, demo)
	if err != nil {
		return err
	}
	if s.json {
		if err := s.printJSON(map[string]any{"dir": demo.Dir, "images": demo.Images, "item": demo.Item, "record": demo.Record, "pictures": pictures}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(s.Out, "The passphrase of all three people is %s\n", demo.Passphrase)
		fmt.Fprintf(s.Out, "Everything is in %s, the pictures in %s.\n", demo.Dir, filepath.Join(demo.Dir, "pictures"))
	}
	if s.window == nil {
		return nil
	}
	s.unhook()
	return s.window(demo)
}

// demoPictures draws what the lead received on the images, as a viewport would show it.
func demoPictures(s *session, d *flow.Demo) ([]string, error) {
	dir := filepath.Join(d.Dir, "pictures")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the pictures' folder: %w", err)
	}
	found, err := ingest.Scan(s.ctx, []string{d.Images}, ingest.ScanOptions{})
	if err != nil {
		return nil, err
	}
	if len(found.Studies) != 1 || len(found.Studies[0].Series) != 1 || len(found.Studies[0].Series[0].Volumes) != 1 {
		return nil, project.Errorf(project.Corrupt, "the demo's folder does not hold one volume")
	}
	v, err := loadWhole(s.ctx, s, found.Studies[0].Series[0].Volumes[0])
	if err != nil {
		return nil, err
	}
	layers, at, err := receivedLayers(s.ctx, d, &v.Geometry)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range []volume.Orientation{volume.Axial, volume.Coronal, volume.Sagittal} {
		path := filepath.Join(dir, string(o)+".png")
		if err := drawPlane(s.ctx, path, v, o, at, layers); err != nil {
			return nil, err
		}
		out = append(out, path)
	}
	return out, nil
}

// receivedLayers opens the lead's project again and returns the verified segments and the middle of the last one.
func receivedLayers(ctx context.Context, d *flow.Demo, g *volume.Geometry) ([]render.Layer, volume.Point, error) {
	p, err := d.OpenLead()
	if err != nil {
		return nil, volume.Point{}, err
	}
	defer p.Close()
	reads, err := p.Received(ctx, d.Item)
	if err != nil {
		return nil, volume.Point{}, err
	}
	at := g.Centre()
	var layers []render.Layer
	for _, r := range reads {
		for _, seg := range r.Segments {
			layers = append(layers, render.Layer{Mask: seg.Mask, Colour: seg.Colour, Fill: overlay.DefaultFill, Outline: true})
			if lo, hi, ok := seg.Mask.Bounds(); ok {
				at = g.ToPatient(volume.Index{float64(lo[0]+hi[0]) / 2, float64(lo[1]+hi[1]) / 2, float64(lo[2]+hi[2]) / 2})
			}
		}
	}
	return layers, at, nil
}

func drawPlane(ctx context.Context, path string, v *volume.Volume, o volume.Orientation, at volume.Point, layers []render.Layer) error {
	size := image.Pt(900, 900)
	plane, err := volume.NewPlane(o, at, 1)
	if err != nil {
		return err
	}
	plane.MMPerPixel = plane.Fit(&v.Geometry, size.X, size.Y)
	// The picture shows the whole trunk with the segments' middle on its plane.
	plane = volume.Plane{Centre: v.Geometry.Centre(), Right: plane.Right, Down: plane.Down, MMPerPixel: plane.MMPerPixel}.ShiftedTo(at)
	window, err := voi.Parse("soft-tissue", v)
	if err != nil {
		return err
	}
	picture, err := soft.New().Draw(ctx, render.Scene{Volume: v, Plane: plane, VOI: window, Layers: layers,
		Furniture: overlay.Options{Letters: true, ScaleBar: true, Crosshair: &at}}, size)
	if err != nil {
		return err
	}
	return writeWhole(path, 0, func(w io.Writer) error { return png.Encode(w, picture) })
}
