package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// tasks lists what exists of the design's table of numbers, with its goals.
func tasks(d *data, p *peers) []task {
	size, spacing := fmt.Sprintf("%dx%dx%d", d.size[0], d.size[1], d.size[2]), fmt.Sprintf("%gx%gx%g", d.spacing[0], d.spacing[1], d.spacing[2])
	volumeMiB := float64(d.size[0]*d.size[1]*d.size[2]) * 2 / (1 << 20)
	list := append(loadTasks(d, p), []task{
		{name: "first image: open the folder, see the middle slice", ours: ours("first", d.dicom()), goal: goal{limit: 300 * time.Millisecond}, warmups: 1},
		{name: "memory: one volume open and drawn, 100 segments", ours: ours("memory", d.dicom(), d.mask("a")), goal: goal{memoryMiB: 1.5*volumeMiB + 300}, warmups: 1},
	}...)
	list = append(list, decodeTasks(d, p)...)
	list = append(list, codestreamTasks(d, p)...)
	for n, side := range [2]int{512, 1024} {
		s, itkGoal := fmt.Sprint(side), [2]float64{0.6, 0.7}[n]
		list = append(list, task{name: fmt.Sprintf("oblique: trilinear plane %d x %d", side, side), ours: ours("cut", d.dicom(), s), same: 1, warmups: 2, times: 4,
			rivals: []rival{p.program(itk, itkGoal, "cut", d.raw(), s), p.script(vtk, 0, "cut", d.raw(), s)}})
	}
	list = append(list,
		task{name: "slab: 20 mm maximum 1024 x 1024", ours: ours("cut", d.dicom(), "1024", "20"), same: 3, warmups: 1, times: 2,
			rivals: []rival{p.script(vtk, 0.5, "cut", d.raw(), "1024", "20")}},
		task{name: "window to RGBA 1024 x 1024", ours: ours("window"), warmups: 1, rivals: []rival{p.script(vtk, 0.5, "window")}},
	)
	list = append(list, frameTasks(d)...)
	list = append(list,
		task{name: "pointer to pixel: 40 px brush", ours: ours("brush", fmt.Sprintf("%dx%dx%d", d.size[0], d.size[1], 2*d.size[2]), spacing),
			goal: goal{limit: 16 * time.Millisecond, percentile: 95}, warmups: 1},
		task{name: "sphere stamp, radius 10 mm, in a stroke of 100", ours: ours("stamp", size, spacing), goal: goal{limit: 10 * time.Microsecond}, warmups: 1, times: 4,
			rivals: []rival{p.script(numpy, 0, "stamp")}},
		task{name: fmt.Sprintf("Dice, %.0f M voxels", float64(d.size[0]*d.size[1]*d.size[2])/1e6), ours: ours("dice", size, d.mask("a"), d.mask("b")), same: exact, warmups: 1,
			rivals: []rival{p.script(numpy, 0.1, "dice", d.mask("a")+".raw", d.mask("b")+".raw")}},
	)
	list = append(list, agreeTasks(d, p, size, spacing)...)
	return append(append(list, saveTasks(d, p, size, spacing)...), reportTask(d))
}

// reportTask: a panel's report over many studies with small masks.
func reportTask(d *data) task {
	studies, scratch := 500, filepath.Join(d.dir, "report")
	if d.quick {
		studies = 60
	}
	return task{name: fmt.Sprintf("report: %d studies, three readers and a reference", studies), ours: ours("report", fmt.Sprint(studies), scratch), warmups: 1, scratch: scratch}
}

// loadTasks: a folder of slices to a volume, uncompressed and in every way that hospitals compress.
func loadTasks(d *data, p *peers) []task {
	row := func(what, dir string, prepare func(context.Context) (string, error), rivals ...rival) task {
		return task{name: fmt.Sprintf("load: %d %s", d.size[2], what), ours: ours("load", dir), same: exact, warmups: 1, prepare: prepare, rivals: rivals}
	}
	packed := func(what, kind string, rivals ...rival) task {
		t := row("slices from "+what, d.packed(kind), d.makePacked(kind), rivals...)
		t.atMost = 3
		return t
	}
	program := func(l library, goal float64, dir string) rival { return p.program(l, goal, "load", dir) }
	lossless, jls, j2k := d.packed("jpeg-lossless"), d.packed("jpeg-ls"), d.packed("jpeg2000")
	list := []task{
		row("uncompressed slices to a volume", d.dicom(), nil, program(dcmtk, 1.0, d.dicom()), p.script(vtk, 0.6, "load", d.dicom()), program(itk, 0, d.dicom()),
			program(gdcm, 0, d.dicom()), p.script(pydicom, 0, "load", d.dicom())),
		row("slices from RLE", d.rle(), nil, program(dcmtk, 0.6, d.rle()), program(gdcm, 0, d.rle()), program(itk, 0, d.rle())),
		packed("JPEG lossless", "jpeg-lossless", program(dcmtk, 0.7, lossless), program(gdcm, 0, lossless), program(itk, 0, lossless)),
		packed("JPEG-LS", "jpeg-ls", program(dcmtk, 1.0, jls), program(gdcm, 0, jls), program(itk, 0, jls)),
		packed("JPEG 2000", "jpeg2000", program(gdcm, 1.0, j2k), program(itk, 0, j2k)),
	}
	list[1].atMost = 3
	return list
}

// saveTasks: what a stroke and a signature cost.
func saveTasks(d *data, p *peers, size, spacing string) []task {
	commits, strokes, seals := filepath.Join(d.dir, "commits"), filepath.Join(d.dir, "strokes"), filepath.Join(d.dir, "seals")
	return []task{
		{name: "undo and redo of a stroke, drawn", ours: ours("undo", size, spacing, "stroke"), goal: goal{limit: 16 * time.Millisecond, percentile: 95}, warmups: 1},
		{name: "undo and redo of a deleted organ, drawn", ours: ours("undo", size, spacing, "deletion"), goal: goal{limit: 100 * time.Millisecond, percentile: 95}, warmups: 1},
		{name: "stroke durable after pointer up", ours: ours("commit", size, spacing, strokes, "from pointer up"), goal: goal{limit: 50 * time.Millisecond, percentile: 99}, warmups: 1, scratch: strokes},
		{name: "durable commit, one at a time", ours: ours("commit", size, spacing, commits), warmups: 1, scratch: commits,
			rivals: []rival{p.script(sqlite, 1.5, "commit", commits, fmt.Sprint(strokeBytes))}},
		{name: "seal the bundle of a read", ours: ours("seal", size, d.mask("a"), seals), warmups: 1, scratch: seals, rivals: []rival{p.restic(0.4, size, d.mask("a"), seals)}},
	}
}

// frameTasks: the renderer alone, moving and still.
func frameTasks(d *data) []task {
	var list []task
	for _, motion := range []string{"scroll", "pan", "zoom", "window", "oblique"} {
		what := map[string]string{"oblique": "three oblique panes"}[motion]
		if what == "" {
			what = motion
		}
		list = append(list, task{name: "frame: " + what + " 1024 x 1024, moving", ours: ours("frames", d.dicom(), d.mask("a"), motion, "draft"),
			goal: goal{limit: 16 * time.Millisecond, percentile: 95}, warmups: 1})
	}
	return append(list, task{name: "frame: three oblique panes 1024 x 1024, at rest", ours: ours("frames", d.dicom(), d.mask("a"), "oblique"),
		goal: goal{limit: 100 * time.Millisecond, percentile: 95}, warmups: 1})
}
