package project

import (
	"strings"
	"testing"
)

func TestOverlaysAreShownOnlyWhereEveryStageOfTheRoleSaysSo(t *testing.T) {
	off := false
	stage := func(role Role, overlays string) Stage {
		return Stage{ID: string(role), Role: role, Readers: 1, Blinding: &Blinding{OtherReaders: true, Overlays: overlays}}
	}
	asked := stage(Radiologist, OverlaysOnRequest)
	disabled := stage(Radiologist, OverlaysWithheld)
	disabled.Enabled = &off
	for name, c := range map[string]struct {
		stages []Stage
		want   bool
	}{
		"no stages":                           {nil, false},
		"a stage that says nothing":           {[]Stage{{ID: "a", Role: Radiologist, Readers: 1}}, false},
		"blinding that says nothing":          {[]Stage{stage(Radiologist, "")}, false},
		"withheld":                            {[]Stage{stage(Radiologist, OverlaysWithheld)}, false},
		"on request":                          {[]Stage{asked}, true},
		"on request for another role":         {[]Stage{stage(Annotator, OverlaysOnRequest)}, false},
		"one stage of the role withholds":     {[]Stage{asked, stage(Radiologist, "")}, false},
		"a stage of another role withholds":   {[]Stage{asked, stage(Annotator, "")}, true},
		"a stage that is off does not count":  {[]Stage{asked, disabled}, true},
		"the only one that allows it, is off": {[]Stage{{ID: "a", Role: Radiologist, Enabled: &off, Blinding: asked.Blinding}}, false},
	} {
		d := Definition{Reading: &Reading{Stages: c.stages}}
		if got := d.OverlaysOnRequest(Radiologist); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (&Definition{}).OverlaysOnRequest(Radiologist) {
		t.Error("a definition without a protocol shows overlays")
	}
	shown := stage(Radiologist, "shown")
	if err := (&Reading{Stages: []Stage{shown}}).check(); err == nil || !strings.Contains(err.Error(), "blinding.overlays") {
		t.Errorf("overlays shown from the start: %v", err)
	}
}
