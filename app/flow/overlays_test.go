package flow

import (
	"context"
	"testing"

	"hotlight/project"
	"hotlight/project/audit"
)

// What a reader may see of the files' overlays is the protocol's to say, and showing them leaves a record.
func TestOverlaysOfABlindedReadAreWithheldOrRecorded(t *testing.T) {
	stage := project.Stage{ID: "blinded", Role: project.Radiologist, Readers: 2, Blinding: &project.Blinding{OtherReaders: true, Overlays: project.OverlaysOnRequest}}
	for name, c := range map[string]struct {
		change func(*project.Definition)
		shows  bool
	}{
		"a definition without a protocol": {func(*project.Definition) {}, false},
		"a protocol that allows them": {func(d *project.Definition) {
			d.Reading = &project.Reading{Stages: []project.Stage{stage}}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			cast, ctx := newCastOf(t, c.change), context.Background()
			laid, err := NewDesk(cast.anns).Open(ctx, cast.item, nil)
			must(t, err)
			defer laid.Close()
			if !laid.Blinded || (laid.ShowOverlays != nil) != c.shows {
				t.Fatalf("blinded %v, can show %v", laid.Blinded, laid.ShowOverlays != nil)
			}
			if !c.shows {
				return
			}
			must(t, laid.ShowOverlays())
			read, err := cast.anns.myRead(cast.item)
			must(t, err)
			recorded := 0
			for e, err := range cast.anns.Store.Events(ctx) {
				must(t, err)
				if e.Type == audit.OverlaysShown && e.Object == string(read.ID) {
					recorded++
				}
			}
			if recorded != 1 {
				t.Errorf("the audit log tells of it %d times", recorded)
			}
			problems, err := cast.anns.Store.Check(ctx)
			if err != nil || len(problems) != 0 {
				t.Errorf("check: %v, %v", err, problems)
			}
			cast.ann.Holder.Lock()
			cast.anns.Store.Forget()
			wantKind(t, "showing them while the vault is locked", laid.ShowOverlays(), project.Locked)
		})
	}
}

func TestAStudyOnlyLookedAtIsNotBlinded(t *testing.T) {
	cast := newCast(t)
	found, err := OpenFolder(context.Background(), []string{cast.images}, nil)
	must(t, err)
	if len(found.Cases) != 1 || found.Cases[0].Blinded {
		t.Errorf("%+v", found.Cases)
	}
}
