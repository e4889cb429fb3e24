package flow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/segmentation"
	"hotlight/project/store"
)

// Record is what is about to be signed: the exact facts, and the sentence that the signer sees.
type Record struct {
	Read     project.SignedRead
	Case     string // what the screen calls the item
	Warnings []project.Warning
}

// Statement returns the sentence that a signature of the given meaning stands for.
func Statement(m project.Meaning, name, caseName string, version int) (string, error) {
	switch m {
	case project.Authorship:
		return fmt.Sprintf("I, %s, read %s by myself, without seeing any other read of it, following the project definition version %d. "+
			"The segments listed above are my own. After signing they cannot be changed; a correction is a new read.", name, caseName, version), nil
	case project.Review, project.Approval, project.Adjudicated:
		return "", project.Errorf(project.NotPermitted, "a reader's own read is signed as authorship; %s belongs to another person's step", m)
	}
	return "", project.Errorf(project.Invalid, "%q is not a meaning of a signature", m)
}

// inSentence makes "Case 0047" read well within a sentence.
func inSentence(caseName string) string { return strings.ToLower(caseName[:1]) + caseName[1:] }

// Prepare collects what will be signed: every source file is read again and must have the digest from when the item was made, so that nobody
// signs for images that were changed in between.
func (r *Reading) Prepare(ctx context.Context, meaning project.Meaning, progress Progress) (*Record, error) {
	if r.State().Frozen() {
		return nil, project.ErrSigned
	}
	me := r.p.Holder.Public()
	statement, err := Statement(meaning, me.Name, inSentence(r.Name), r.p.Definition().Project.Version)
	if err != nil {
		return nil, err
	}
	rec := &Record{Case: r.Name, Read: project.SignedRead{
		ReadID: r.id, Supersedes: r.current().Supersedes, Project: r.p.Definition().Project.ID, Definition: r.p.Hash(),
		Item: r.Item.ID, Study: r.Item.Study,
		Signature: project.Manifest{PrintedName: me.Name, Reader: me.ID, Device: r.p.Holder.DeviceID(), Role: me.Role, Meaning: meaning,
			Statement: statement, Program: Program},
	}}
	item, err := r.p.Store.Item(r.Item.ID) // files may have been found elsewhere since the read was opened
	if err != nil {
		return nil, err
	}
	if err := rec.addImages(ctx, item, progress); err != nil {
		return nil, err
	}
	set, changes := r.stateNow()
	if err := r.WaitSaved(ctx); err != nil {
		return nil, err
	}
	rec.addSegments(set, r.Item.Images)
	rec.Read.Journal.Changes = changes
	if rec.Read.Journal.Checkpoint, err = r.p.Store.Checkpoint(); err != nil {
		return nil, err
	}
	rec.Read.Signature.Content, err = rec.Read.ContentHash()
	return rec, err
}

// stateNow returns the segments and the number of the change that made them so.
func (r *Reading) stateNow() (*segmentation.Set, int) {
	for {
		before, set := r.History.Seq(), r.History.Set()
		if r.History.Seq() == before {
			return set, int(before)
		}
	}
}

// Sign asks the vault for the passphrase again, signs the record as it was prepared, and freezes the read. A change since Prepare is a Conflict.
func (r *Reading) Sign(rec *Record, passphrase []byte) error {
	if r.State().Frozen() {
		return project.ErrSigned
	}
	if err := r.p.Holder.Confirm(passphrase); err != nil {
		return err
	}
	// From here on no stroke comes between what is signed and what is kept.
	r.History.Freeze(errSigning)
	if err := r.sign(rec); err != nil {
		r.History.Freeze(nil)
		return err
	}
	return nil
}

var errSigning = &project.Error{Kind: project.Busy, Text: "this read is being signed"}

func (r *Reading) sign(rec *Record) error {
	if uint64(rec.Read.Journal.Changes) != r.History.Seq() {
		return project.Errorf(project.Conflict, "the read was changed since this record was made")
	}
	signed := rec.Read
	signed.Signature.SignedAt = time.Now().Truncate(time.Second)
	body, err := marshalSigned(&signed)
	if err != nil {
		return err
	}
	envelope, err := project.SignEnvelope(project.SignedReadType, body, r.p.Holder.Person())
	if err != nil {
		return err
	}
	if r.State() == project.Assigned { // a study with nothing to mark: signing it says that it was read
		if _, err := r.p.Store.Move(r.id, project.EventComplete); err != nil {
			return err
		}
	}
	read, err := r.p.Store.Sign(r.id, envelope)
	if err != nil {
		return err
	}
	r.moved(read)
	return nil
}

func (rec *Record) addImages(ctx context.Context, item store.Item, progress Progress) error {
	files := sourcesOf(item)
	if err := files.compare(ctx, ingest.HashOptions{Progress: progress}); err != nil {
		return err
	}
	if other := files.that(changed); len(other) > 0 {
		return project.Errorf(project.Conflict, "%s%s changed since the images were added; the read cannot be signed for other images", other.names(), isNot(other))
	}
	if lost := files.that(missing); len(lost) > 0 {
		// Nobody signs for images that cannot be compared with what was read. The digests would be right, but who knows what was on the screen.
		return project.Errorf(project.NotFound, "%d of %d source files are not on this computer now (%s): add the folder that holds them, then sign", len(lost), len(files), lost.names())
	}
	for _, image := range item.Images {
		out := project.SignedImage{Series: image.Series, Volume: image.Volume, Frame: image.Geometry.FrameOfReference, Size: image.Geometry.Size}
		for _, in := range image.Instances {
			out.Instances = append(out.Instances, project.SignedInstance{UID: in.UID, SHA256: in.SHA256})
		}
		rec.Read.Series = append(rec.Read.Series, out)
	}
	return nil
}

func (rec *Record) addSegments(set *segmentation.Set, images []store.Image) {
	rec.Read.Segments = []project.SignedMask{}
	for _, s := range set.Segments() {
		m := project.SignedMask{Number: s.Number, Class: s.Class, Name: s.Name, Colour: s.Colour, Category: s.Category, Type: s.Type, Image: s.Image,
			Voxels: s.Mask.Count(), Mask: s.Mask.SHA256(), Object: project.HashOf(s.Mask.Marshal())}
		geometry := images[s.Image].Geometry
		if ml, ok := geometry.VoxelML(); ok {
			m.VolumeML = ml * float64(m.Voxels)
		}
		rec.Read.Segments = append(rec.Read.Segments, m)
		rec.warnAtEdge(s, geometry.Size[2])
	}
}

// warnAtEdge tells that a structure may go on beyond the images.
func (rec *Record) warnAtEdge(s *segmentation.Segment, slices int) {
	lo, hi, ok := s.Mask.Bounds()
	if !ok || slices < 2 {
		return
	}
	for _, k := range []int{0, slices - 1} {
		if lo[2] <= k && k <= hi[2] {
			rec.Warnings = append(rec.Warnings, project.Warning{Code: project.WarnRead,
				Text: fmt.Sprintf("%s touches slice %d: the volume ends there.", s.Name, k+1)})
		}
	}
}
