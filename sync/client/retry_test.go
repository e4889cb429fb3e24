package client

import (
	"context"
	"errors"
	"testing"
	"time"

	"hotlight/project"
)

func TestPausesDoubleUpToTheirLimit(t *testing.T) {
	r := Retry{}.withDefaults()
	for failed, most := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 8: time.Minute, 70: time.Minute} {
		for range 100 {
			if p := r.pause(failed); p < 0 || p > most {
				t.Fatalf("pause %v after %d failures, at most %v", p, failed, most)
			}
		}
	}
}

func TestOnlyWhatMayPassIsTriedAgain(t *testing.T) {
	r := Retry{Tries: 3, Base: time.Microsecond, Max: time.Microsecond}
	for _, c := range []struct {
		name     string
		err      error
		progress bool
		tries    int
	}{
		{"the server is away", project.Errorf(project.Offline, "away"), false, 3},
		{"the server is busy", project.Errorf(project.Busy, "busy"), false, 3},
		{"it is not permitted", project.Errorf(project.NotPermitted, "no"), false, 1},
		{"something else", errors.New("other"), false, 1},
		{"it gets further each time", project.Errorf(project.Offline, "away"), true, 10},
	} {
		tries := 0
		err := r.do(context.Background(), func() (bool, error) {
			if tries++; tries == 10 {
				return false, nil
			}
			return c.progress, c.err
		})
		if tries != c.tries || (err == nil) != (tries == 10) {
			t.Errorf("%s: tried %d times, wanted %d: %v", c.name, tries, c.tries, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Retry{Tries: 3, Base: time.Hour, Max: time.Hour}.do(ctx, func() (bool, error) { return false, project.Errorf(project.Offline, "away") })
	if project.KindOf(err) != project.Offline || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
