package flow

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"hotlight/project"
	concordance "hotlight/project/report"
	"hotlight/project/store"
	"hotlight/project/volume"
)

// ReportInput gathers what a lead's project holds for a report: the reads that have arrived, verified again from the bytes as they came. Only a lead may.
//
// A case whose reads have not all arrived is not opened: it is listed as left out. People are named by their fingerprints, studies by their place in the project; the
// store knows no patients, times or forms yet, and the report says so.
func (p *Project) ReportInput(ctx context.Context, progress Progress) (*concordance.Input, error) {
	d := p.Definition()
	if d.Lead().ID != p.Holder.ReaderID() {
		return nil, project.Errorf(project.NotPermitted, "a report opens everybody's reads: only the lead may")
	}
	items, err := p.Store.Items()
	if err != nil {
		return nil, err
	}
	in := &concordance.Input{Definition: d, Hash: p.Hash(), Digested: "the signed definition", Source: "a lead's project",
		Panel: concordance.Panel{Schema: concordance.PanelSchema}, Warnings: []string{"The project does not know which studies are of one patient: each counts as a patient of its own, and intervals are too narrow if patients have several."}}
	for _, r := range d.Readers {
		in.Panel.Readers = append(in.Panel.Readers, concordance.Reader{ID: pseudonym(r.ID), Role: concordance.Role(r.Role)})
	}
	for n, it := range items {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.reportItem(ctx, in, it.ID); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(n+1, len(items))
		}
	}
	if err := p.strayReads(in, items); err != nil {
		return nil, err
	}
	if len(in.Panel.Studies) == 0 {
		return nil, project.Errorf(project.NotFound, "there is nothing to report: of no item have all reads arrived")
	}
	return in, in.Check()
}

// strayReads says how many reads have arrived for studies that this project was never shown.
func (p *Project) strayReads(in *concordance.Input, items []store.Item) error {
	all, err := p.Store.Received()
	if err != nil {
		return err
	}
	n := 0
	for _, r := range all {
		if !slices.ContainsFunc(items, func(it store.Item) bool { return it.ID == r.Item }) {
			n++
		}
	}
	if n > 0 {
		in.Warnings = append(in.Warnings, fmt.Sprintf("%d received reads are of studies that this project does not list; they are left out.", n))
	}
	return nil
}

// pseudonym is the beginning of a fingerprint.
func pseudonym(id project.ReaderID) string {
	return strings.ReplaceAll(project.ShortFingerprint(string(id)), " ", "-")
}

// reportItem adds one item with its reads, or says why it is left out.
func (p *Project) reportItem(ctx context.Context, in *concordance.Input, id project.ItemID) error {
	name, err := p.CaseName(id)
	if err != nil {
		return err
	}
	name = strings.ReplaceAll(name, " ", "-")
	it, err := p.Store.Item(id)
	if err != nil {
		return err
	}
	all, err := p.Received(ctx, id)
	if err != nil {
		return err
	}
	reads := standing(all)
	if need := in.Definition.RequiredReads(); len(reads) < need {
		in.Panel.Excluded = append(in.Panel.Excluded, concordance.Excluded{Study: name, Stage: "before_reading", Reason: fmt.Sprintf("%d of %d reads have arrived; none was opened", len(reads), need)})
		return nil
	}
	study := concordance.Study{ID: name}
	for _, m := range it.Images {
		if study.Modality == "" {
			study.Modality = m.Modality
		}
		study.Slices += m.Geometry.Size[2]
	}
	if study.Modality == "" {
		return project.Errorf(project.NotFound, "%s has no images in this project: its modality is not known", name)
	}
	in.Panel.Studies = append(in.Panel.Studies, study)
	for _, r := range reads {
		read, err := reportRead(name, it, r)
		if err != nil {
			return err
		}
		in.Reads = append(in.Reads, read)
	}
	return nil
}

// standing leaves out the reads that a later one replaced.
func standing(all []ReceivedRead) (out []ReceivedRead) {
	for _, r := range all {
		if !slices.ContainsFunc(all, func(o ReceivedRead) bool { return o.Record.Supersedes == r.Record.ReadID }) {
			out = append(out, r)
		}
	}
	return out
}

func reportRead(study string, it store.Item, r ReceivedRead) (*concordance.Read, error) {
	content, err := r.Record.ContentHash()
	if err != nil {
		return nil, err
	}
	who := pseudonym(r.Record.Signature.Reader)
	out := &concordance.Read{Name: study + " by " + who, Study: study, Reader: who, Signed: r.Record.Signature.SignedAt, Seconds: math.NaN(), Digest: content,
		Signature: &concordance.SignatureOf{SHA256: content.String(), Verified: true}}
	drawn, err := drawnOf(it, r)
	if err != nil {
		return nil, project.Errorf(project.KindOf(err), "%s: %w", out.Name, err)
	}
	if drawn == nil {
		return out, nil
	}
	for _, s := range drawn.Segments {
		out.Segments = append(out.Segments, s.SegmentOf)
	}
	out.Draw = func(context.Context) (*concordance.Drawn, error) { return drawn, nil }
	return out, nil
}

// drawnOf puts a read's segments on the grid of the image that they were drawn on; nil: nothing was drawn.
func drawnOf(it store.Item, r ReceivedRead) (*concordance.Drawn, error) {
	if len(r.Segments) == 0 {
		return nil, nil
	}
	image := r.Segments[0].Image
	out := &concordance.Drawn{Geometry: geometryOf(it, r.Record.Series[image])}
	count := map[string]int{}
	for _, s := range r.Segments {
		if s.Image != image {
			return nil, project.Errorf(project.Unsupported, "segments lie on several images of the study; the report measures one")
		}
		if s.Class == "" {
			continue // drawn outside the project's classes
		}
		count[s.Class]++
		out.Segments = append(out.Segments, concordance.Segment{SegmentOf: concordance.SegmentOf{Class: s.Class, Instance: count[s.Class], Rating: math.NaN()}, Mask: s.Mask})
	}
	return out, nil
}

// geometryOf is the grid of a signed image as this project found it. An image that is not here has a size and no millimetres.
func geometryOf(it store.Item, m project.SignedImage) volume.Geometry {
	for _, have := range it.Images {
		if have.Series == m.Series && have.Volume == m.Volume && have.Geometry.Size == m.Size {
			return have.Geometry
		}
	}
	return volume.Geometry{Size: m.Size, FrameOfReference: m.Frame, Uncalibrated: true, NoPosition: true, Spacing: [3]float64{1, 1, 1}, Direction: [9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}}
}
