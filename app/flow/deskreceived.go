package flow

import (
	"context"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/segmentation"
	"hotlight/project/store"
)

// received is what a lead sees of a case: the verified reads of others, frozen. Every segment carries its reader's printed name. It
// implements desk.Read and refuses everything that would change it.
type received struct {
	history *edit.History
	classes []project.Class
	first   *project.SignedRead // of the newest read; nil when none has arrived
}

// layReceived builds the view from the bundles as they came, or returns nil when there is none.
func (d *Desk) layReceived(ctx context.Context, id project.ItemID) (desk.Read, error) {
	reads, err := d.p.Received(ctx, id)
	if err != nil || len(reads) == 0 {
		return nil, err
	}
	item, err := d.p.Store.Item(id)
	if err != nil {
		return nil, err
	}
	images := make([]edit.Image, len(item.Images))
	for n := range item.Images {
		images[n].Geometry = &item.Images[n].Geometry
	}
	var all []*segmentation.Segment
	for _, r := range reads {
		for _, s := range r.Segments {
			copied := *s
			copied.Number = len(all) + 1
			if len(reads) > 1 {
				copied.Name = s.Name + ", " + r.Record.Signature.PrintedName
			}
			image, ok := imageOf(item.Images, r.Record.Series[s.Image])
			if !ok {
				return nil, project.Errorf(project.Conflict, "a received read was made on other images than those of this item")
			}
			copied.Image = image
			all = append(all, &copied)
		}
	}
	set, err := segmentation.NewSet(all...)
	if err != nil {
		return nil, err
	}
	return &received{history: edit.View(images, set, errReceived), classes: d.p.Definition().Classes, first: &reads[len(reads)-1].Record}, nil
}

// imageOf finds the item's image that a signed image is: the same series, grid and instances by digest.
func imageOf(images []store.Image, signed project.SignedImage) (int, bool) {
	for n, image := range images {
		if image.Series != signed.Series || image.Geometry.Size != signed.Size || len(image.Instances) != len(signed.Instances) {
			continue
		}
		same := true
		for k, in := range image.Instances {
			same = same && in.SHA256 == signed.Instances[k].SHA256
		}
		if same {
			return n, true
		}
	}
	return 0, false
}

var errReceived = &project.Error{Kind: project.NotPermitted, Text: "this is another person's signed read; it cannot be changed"}

func (r *received) History() *edit.History   { return r.history }
func (r *received) Classes() []project.Class { return r.classes }
func (r *received) State() project.ReadState { return project.Committed }
func (r *received) Saved() desk.Saved        { return desk.Saved{Changes: r.first.Journal.Changes} }
func (r *received) Watch(func()) func()      { return func() {} }
func (r *received) Complete() error          { return errReceived }
func (r *received) Reopen() error            { return errReceived }
func (r *received) Signature() (desk.Signature, bool) {
	return signatureOf(r.first, project.Committed), true
}
func (r *received) Record(context.Context, project.Meaning, desk.Progress) (desk.Record, error) {
	return desk.Record{}, errReceived
}
func (r *received) Sign(context.Context, desk.Record, []byte) (desk.Signature, error) {
	return desk.Signature{}, errReceived
}
