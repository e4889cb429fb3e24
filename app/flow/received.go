package flow

import (
	"context"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/store"
	"hotlight/sync/bundle"
)

// ReceivedRead is another person's signed read as the lead sees it: verified, and with the masks at hand.
type ReceivedRead struct {
	Incoming store.Incoming
	Record   project.SignedRead
	Segments []*segmentation.Segment
}

// Received returns the reads that have arrived for an item; only a lead has any. Each bundle is verified and opened again, from the bytes as
// they came: what is on the screen is what was signed.
func (p *Project) Received(ctx context.Context, item project.ItemID) ([]ReceivedRead, error) {
	all, err := p.Store.Received()
	if err != nil {
		return nil, err
	}
	var out []ReceivedRead
	for _, in := range all {
		if in.Item != item {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := p.openReceived(in)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (p *Project) openReceived(in store.Incoming) (ReceivedRead, error) {
	data, err := p.Store.Bundle(in.Hash)
	if err != nil {
		return ReceivedRead{}, err
	}
	trust, err := p.Trust()
	if err != nil {
		return ReceivedRead{}, err
	}
	// It is in the list already: its order was checked when it came, and so was that its author was on the roster then. Revoking a
	// person does not take back what they had signed.
	trust.Last = nil
	trust.Witnessed = func(address project.Hash) bool { return address == in.Hash }
	opened, err := openWith(data, p.Holder, trust)
	if err != nil {
		return ReceivedRead{}, err
	}
	defer opened.Close()
	segments, err := Segments(opened)
	if err != nil {
		return ReceivedRead{}, err
	}
	return ReceivedRead{Incoming: in, Record: *opened.Read, Segments: segments}, nil
}

// Segments parses the masks of an opened read and compares each with what the reader signed.
func Segments(o *bundle.Opened) ([]*segmentation.Segment, error) {
	if o.Read == nil {
		return nil, project.Errorf(project.Invalid, "this bundle holds no read")
	}
	if content, err := o.Read.ContentHash(); err != nil || content != o.Read.Signature.Content {
		return nil, project.Errorf(project.Corrupt, "the read's content does not match the digest that its reader saw when signing")
	}
	var out []*segmentation.Segment
	for _, m := range o.Read.Segments {
		s, err := segment(o, m)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func segment(o *bundle.Opened, m project.SignedMask) (*segmentation.Segment, error) {
	if m.Image < 0 || m.Image >= len(o.Read.Series) {
		return nil, project.Errorf(project.Corrupt, "segment %d names an image that the read does not list", m.Number)
	}
	data, err := o.Object(m.Object)
	if err != nil {
		return nil, err
	}
	mask, err := segmentation.ParseMask(data, o.Read.Series[m.Image].Size)
	if err != nil {
		return nil, err
	}
	if mask.SHA256() != m.Mask || mask.Count() != m.Voxels {
		return nil, project.Errorf(project.Corrupt, "segment %d does not match the digest that was signed", m.Number)
	}
	return &segmentation.Segment{Number: m.Number, Image: m.Image, Class: m.Class, Name: m.Name, Colour: m.Colour,
		Category: m.Category, Type: m.Type, Locked: true, Mask: mask}, nil
}
