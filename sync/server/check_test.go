package server_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/sync/client"
	"hotlight/sync/server"
	"hotlight/sync/synctest"
)

func TestOrdersReachARunningServer(t *testing.T) {
	w := synctest.New(t)
	o := server.Options{LockWithin: time.Millisecond}
	p := w.Next(t, func(*project.Definition) {})
	if err := server.AdmitAt(context.Background(), w.Dir, p.Roster, o); err != nil {
		t.Fatal(err)
	}
	if err := server.AdmitAt(context.Background(), w.Dir, w.Signed, o); project.KindOf(err) != project.Corrupt {
		t.Errorf("a definition: %v", err)
	}
	stick := t.TempDir()
	f, err := client.NewFolder(w.Config(w.Ann), stick)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out synctest.Outbox
	out.AddRead(t, w.Project, w.Ann, 1)
	if _, err := f.Sync(context.Background(), &out, nil); err != nil {
		t.Fatal(err)
	}
	if done, err := server.ExchangeAt(context.Background(), w.Dir, stick, o); err != nil || done.Committed != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	if c, err := server.CheckAt(context.Background(), w.Dir, o); err != nil || c.Bundles != 1 || len(c.Problems) > 0 {
		t.Errorf("%+v, %v", c, err)
	}
	w.Stop()
	if c, err := server.CheckAt(context.Background(), w.Dir, o); err != nil || c.Bundles != 1 || len(c.Problems) > 0 {
		t.Errorf("without a server: %+v, %v", c, err)
	}
	w.Start()
}

func TestCheckFindsDamage(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	var addresses []project.Hash
	for i := range 3 {
		addresses = append(addresses, out.AddRead(t, w.Project, w.Ann, i))
	}
	deliver(t, w, w.Ann, &out)
	w.Check()
	object := func(h project.Hash) string { return filepath.Join(w.Dir, "object", h.String()[:2], h.String()) }
	inProject := func(f func(p *bolt.Bucket) error) func(*bolt.Tx) error {
		return func(tx *bolt.Tx) error { return f(tx.Bucket([]byte("project")).Bucket([]byte(w.Trust.Roster.Project))) }
	}
	spoil := func(b []byte) []byte {
		c := bytes.Clone(b)
		c[len(c)/2] ^= 4
		return c
	}
	for name, damage := range map[string]any{
		"a bundle is gone": func() error { return os.Remove(object(addresses[1])) },
		"a bundle has rotted": func() error {
			b, _ := os.ReadFile(object(addresses[1]))
			return os.WriteFile(object(addresses[1]), spoil(b), 0o600)
		},
		"a bundle has been cut": func() error { return os.Truncate(object(addresses[1]), 1000) },
		"a leaf has rotted": inProject(func(p *bolt.Bucket) error {
			return rot(p.Bucket([]byte("own")).Bucket([]byte(w.Ann.ReaderID())).Bucket([]byte("leaf")), spoil)
		}),
		"a node has rotted":    inProject(func(p *bolt.Bucket) error { return rot(p.Bucket([]byte("log")).Bucket([]byte("hash")), spoil) }),
		"a receipt has rotted": inProject(func(p *bolt.Bucket) error { return rot(p.Bucket([]byte("commit")), spoil) }),
		"a commit is gone":     inProject(func(p *bolt.Bucket) error { return p.Bucket([]byte("commit")).Delete(addresses[0][:]) }),
		"a tail was cut": inProject(func(p *bolt.Bucket) error {
			return cutTail(p.Bucket([]byte("own")).Bucket([]byte(w.Ann.ReaderID())).Bucket([]byte("leaf")))
		}),
		"a feed entry is gone": inProject(func(p *bolt.Bucket) error {
			k, _ := p.Bucket([]byte("feed")).Bucket([]byte(w.Lead.ReaderID())).Cursor().First()
			return p.Bucket([]byte("feed")).Bucket([]byte(w.Lead.ReaderID())).Delete(k)
		}),
		"a permission is gone": inProject(func(p *bolt.Bucket) error {
			k, _ := p.Bucket([]byte("grant")).Cursor().First()
			return p.Bucket([]byte("grant")).Delete(k)
		}),
		"a roster has rotted":     inProject(func(p *bolt.Bucket) error { return rot(p.Bucket([]byte("roster")), spoil) }),
		"an author's last is off": inProject(func(p *bolt.Bucket) error { return rot(p.Bucket([]byte("last")), spoil) }),
	} {
		w.Stop()
		kept := t.TempDir()
		if err := os.CopyFS(kept, os.DirFS(w.Dir)); err != nil {
			t.Fatal(err)
		}
		switch damage := damage.(type) {
		case func() error:
			if err := damage(); err != nil {
				t.Fatal(err)
			}
		case func(*bolt.Tx) error:
			db, err := bolt.Open(filepath.Join(w.Dir, "index.db"), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Update(damage); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
		c, err := server.CheckAt(context.Background(), w.Dir, server.Options{})
		if err == nil && len(c.Problems) == 0 {
			t.Errorf("%s, and Check finds nothing", name)
		}
		if err := os.RemoveAll(w.Dir); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(w.Dir, os.DirFS(kept)); err != nil {
			t.Fatal(err)
		}
		w.Start()
	}
	w.Check()
}

func rot(b *bolt.Bucket, spoil func([]byte) []byte) error {
	k, v := b.Cursor().First()
	return b.Put(k, spoil(v))
}

func cutTail(b *bolt.Bucket) error {
	k, _ := b.Cursor().Last()
	return b.Delete(k)
}

func TestTheServerHoldsNoNames(t *testing.T) {
	w := synctest.New(t)
	var ann, lead synctest.Outbox
	ann.AddRead(t, w.Project, w.Ann, 1, []byte("bricks"))
	deliver(t, w, w.Ann, &ann)
	next := w.Next(t, func(*project.Definition) {})
	lead.Add(t, w.Project, w.Lead, next.News)
	deliver(t, w, w.Lead, &lead)
	secrets := []string{"Ann Reader", "Lea Lead", "example.liver", "1.2.3.1", "Liver", string(w.Definition.CaseKey), "I read these images"}
	err := filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(b, []byte(s)) || strings.Contains(path[len(w.Dir):], s) {
				t.Errorf("%q stands in a file of the server", s)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
