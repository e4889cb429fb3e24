package synctest_test

import (
	"context"
	"path/filepath"
	"testing"

	"hotlight/project"
	"hotlight/sync/bundle/bundletest"
	"hotlight/sync/client"
	"hotlight/sync/synctest"
)

// One line for each way.
func TestOverTheNetwork(t *testing.T) { synctest.Suite(t, network) }
func TestOverAFolder(t *testing.T)    { synctest.Suite(t, folder) }

var network = synctest.Way{
	Connect: func(w *synctest.World, who *bundletest.Person) client.Transport {
		c, err := client.NewHTTP(w.Config(who))
		if err != nil {
			w.T.Fatal(err)
		}
		return c
	},
	Carry: func(*synctest.World, *bundletest.Person) {},
}

var folder = synctest.Way{
	Connect: func(w *synctest.World, who *bundletest.Person) client.Transport {
		c, err := client.NewFolder(w.Config(who), stick(w, who))
		if err != nil {
			w.T.Fatal(err)
		}
		return c
	},
	Carry: func(w *synctest.World, who *bundletest.Person) {
		// A revoked person's medium is refused as a whole.
		if _, err := w.Server.Exchange(context.Background(), stick(w, who)); err != nil && project.KindOf(err) != project.NotPermitted {
			w.T.Fatal(err)
		}
	},
}

// stick is a person's medium.
func stick(w *synctest.World, who *bundletest.Person) string {
	dir := filepath.Join(w.Dir, "..", "stick "+who.Name)
	mkdir(w.T, dir)
	return dir
}
