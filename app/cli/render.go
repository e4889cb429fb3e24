package cli

import (
	"encoding/binary"
	"image"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/soft"
)

type renderCommand struct {
	pick          `embed:""`
	resample      `embed:""`
	Plane         string  `enum:",axial,coronal,sagittal,acquired" default:"" help:"axial, coronal, sagittal, or acquired (the plane of the images)."`
	Normal        string  `placeholder:"X,Y,Z" help:"Oblique plane: away from the viewer, with --up."`
	Up            string  `placeholder:"X,Y,Z" help:"Towards the top of the picture."`
	At            string  `placeholder:"X,Y,Z" help:"Patient point at the picture's centre, mm; the volume's centre if left out."`
	Size          string  `default:"512x512" placeholder:"WxH"`
	MMPerPixel    float64 `name:"mm-per-pixel" help:"Default: the whole volume fits."`
	Window        string  `placeholder:"W/L|PRESET|auto" help:"Also one of the file's own settings, by its name or as file:N from 1. Default: the file's first, else the modality's, else auto."`
	Slab          float64 `placeholder:"MM" help:"Thickness."`
	SlabMode      string  `enum:"mip,minip,mean" default:"mip"`
	Interpolation string  `enum:"linear,nearest" default:"linear"`
	Segments      string  `placeholder:"FILE.dcm|.nii.gz" help:"A DICOM segmentation, or a label map on the volume's grid, drawn over it."`
	Backend       string  `enum:"cpu,gpu" default:"cpu"`
	Overlays      bool    `help:"Draw the file's overlay planes (60xx), which are left out otherwise."`
	Plain         bool    `help:"No letters and no scale bar."`
	Values        bool    `help:"The resliced values themselves: float32, little-endian, row by row; NaN outside."`
	Out           string  `short:"o" required:"" placeholder:"OUT.png|.raw"`
}

func (c *renderCommand) Run(s *session) error {
	if c.Backend == "gpu" {
		return project.Errorf(project.Unsupported, "this version draws on the CPU only")
	}
	size, err := parseSize(c.Size)
	if err != nil {
		return err
	}
	img, v, err := c.loadShown(s)
	if err != nil {
		return err
	}
	plane, err := c.plane(&v.Geometry, size)
	if err != nil {
		return err
	}
	slab := mpr.Slab{ThicknessMM: c.Slab, Mode: mpr.SlabMode(c.SlabMode)}
	if c.Values {
		values, err := mpr.Values(s.ctx, v, plane, size.X, size.Y, mpr.Interpolation(c.Interpolation), slab)
		if err != nil {
			return err
		}
		if err := writeWhole(c.Out, 4*int64(len(values)), func(w io.Writer) error { return binary.Write(w, binary.LittleEndian, values) }); err != nil {
			return err
		}
		return c.report(s, v, plane, size)
	}
	scene := render.Scene{Volume: v, Plane: plane, Interpolation: mpr.Interpolation(c.Interpolation), Slab: slab, Overlays: c.Overlays, Furniture: furniture(img, c.Plain)}
	passed := 0
	if scene.VOI, passed, err = chooseVOI(c.Window, img, v); err != nil {
		return err
	}
	if passed > 0 {
		s.note("Note: with the usual grey levels nearly all of the middle slice would be black or white; W/L %s is used instead. --window chooses.", scene.VOI)
	}
	if scene.Layers, err = c.layers(v); err != nil {
		return err
	}
	picture, err := soft.New().Draw(s.ctx, scene, size)
	if err != nil {
		return err
	}
	if err := writeWhole(c.Out, 0, func(w io.Writer) error { return png.Encode(w, picture) }); err != nil {
		return err
	}
	return c.report(s, v, plane, size)
}

// loadShown loads the volume as a viewport shows it: PET in standardised uptake values where they can be had. Values that are written, and windows
// that are given in numbers, are in the file's own unit unless --unit says otherwise.
func (c *renderCommand) loadShown(s *session) (*ingest.Image, *volume.Volume, error) {
	if c.Unit != "" || c.Values || strings.Contains(c.Window, "/") {
		return c.pick.load(s, c.resample)
	}
	_, image, err := c.find(s)
	if err != nil {
		return nil, nil, err
	}
	if suv, err := image.In(ingest.SUVUnit); err == nil {
		image = suv
	}
	return c.resample.load(s, image)
}

// report says what was drawn: where the picture's centre lies, and where right and down point.
func (c *renderCommand) report(s *session, v *volume.Volume, p volume.Plane, size image.Point) error {
	if !s.json {
		return nil
	}
	return s.printJSON(map[string]any{
		"size": [2]int{size.X, size.Y}, "at": p.Centre, "right": p.Right, "down": p.Down, "mm_per_pixel": p.MMPerPixel, "unit": v.Unit, "resampled": v.Resampled,
	})
}

func (c *renderCommand) plane(g *volume.Geometry, size image.Point) (volume.Plane, error) {
	centre := g.Centre()
	if c.At != "" {
		p, err := parseTriple("at", c.At)
		if err != nil {
			return volume.Plane{}, err
		}
		centre = volume.Point(p)
	}
	plane, err := c.orient(g, centre)
	if err != nil {
		return plane, err
	}
	if g.IsStack() {
		// A point between two planes of a stack shows the nearer one; a plane that the stack does not have is refused when it is drawn.
		plane, _, _ = mpr.SnapToStack(g, plane)
	}
	plane.MMPerPixel = c.MMPerPixel
	if c.MMPerPixel == 0 {
		plane.MMPerPixel = plane.Fit(g, size.X, size.Y)
	}
	if !(plane.MMPerPixel > 0) || math.IsInf(plane.MMPerPixel, 0) {
		return plane, usage("--mm-per-pixel must be above 0")
	}
	return plane, nil
}

func (c *renderCommand) orient(g *volume.Geometry, centre volume.Point) (volume.Plane, error) {
	switch {
	case c.Normal != "" && c.Up != "" && c.Plane == "":
		normal, err := parseTriple("normal", c.Normal)
		if err != nil {
			return volume.Plane{}, err
		}
		up, err := parseTriple("up", c.Up)
		if err != nil {
			return volume.Plane{}, err
		}
		plane, err := volume.ObliquePlane(normal, up, centre, 1)
		if err != nil {
			err = usage("%v", err)
		}
		return plane, err
	case c.Normal != "" || c.Up != "":
		return volume.Plane{}, usage("give --plane, or --normal with --up")
	case c.At == "" && (c.Plane == "acquired" || c.Plane == "") && (g.IsStack() || g.NoPosition):
		return volume.AcquiredPlane(g, (g.Size[2]-1)/2, 1), nil // between two frames there is nothing to show
	case c.Plane == "acquired" || c.Plane == "" && (g.IsStack() || g.NoPosition || g.Size[2] == 1):
		plane := volume.AcquiredPlane(g, g.ToIndex(centre).Voxel()[2], 1)
		plane.Centre = plane.ShiftedTo(centre).Centre
		if c.At != "" {
			plane.Centre = centre
		}
		return plane, nil
	case c.Plane == "":
		return volume.NewPlane(volume.Axial, centre, 1)
	}
	return volume.NewPlane(volume.Orientation(c.Plane), centre, 1)
}

func furniture(img *ingest.Image, plain bool) overlay.Options {
	if plain {
		return overlay.Options{}
	}
	o := overlay.Options{Letters: true, ScaleBar: true, Lengths: string(img.Calibration), Sides: img.PatientOrientation}
	if img.Resampled {
		o.Corners.TopLeft = []overlay.Line{{Text: "Resampled, not as acquired", Bold: true}}
	}
	return o
}

// layers reads the segments of a file; they are coloured in the palette's order of their numbers or names. A segmentation may cover fewer slices
// than the volume, but must name its frame of reference; a file that names none (NIfTI, NRRD) must lie on the very grid.
func (c *renderCommand) layers(v *volume.Volume) ([]render.Layer, error) {
	if c.Segments == "" {
		return nil, nil
	}
	m, err := readMasks(c.Segments)
	if err != nil {
		return nil, err
	}
	named := m.geometry.FrameOfReference
	m.geometry.FrameOfReference = v.FrameOfReference
	if named == "" && !m.geometry.SameGrid(&v.Geometry, gridToleranceMM) {
		return nil, project.Errorf(project.Conflict, "the label map lies on another grid than the volume; nothing is resampled here")
	}
	if named != "" && named != v.FrameOfReference {
		return nil, project.Errorf(project.Conflict, "the segments lie in another frame of reference than the volume")
	}
	var layers []render.Layer
	for n, name := range namesOf(m, m) {
		layers = append(layers, render.Layer{Mask: m.byName[name], Grid: &m.geometry, Colour: project.Palette[n%len(project.Palette)], Fill: overlay.DefaultFill, Outline: true})
	}
	return layers, nil
}

func parseTriple(name, s string) (mgl64.Vec3, error) {
	var v mgl64.Vec3
	parts := strings.Split(s, ",")
	if len(parts) != 3 {
		return v, usage("--%s takes three numbers: x,y,z", name)
	}
	for n, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return v, usage("--%s takes three numbers: x,y,z", name)
		}
		v[n] = x
	}
	return v, nil
}

func parseSize(s string) (image.Point, error) {
	w, h, ok := strings.Cut(s, "x")
	x, errX := strconv.Atoi(w)
	y, errY := strconv.Atoi(h)
	if !ok || errX != nil || errY != nil || x < 1 || y < 1 || x > render.MaxSide || y > render.MaxSide {
		return image.Point{}, usage("--size takes WxH, each 1 to %d", render.MaxSide)
	}
	return image.Pt(x, y), nil
}
