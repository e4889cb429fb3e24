package synctest

import (
	"context"
	"slices"
	"testing"

	"hotlight/project"
	"hotlight/sync/bundle/bundletest"
	"hotlight/sync/client"
	"hotlight/sync/wire"
)

// Way is a transport under test.
type Way struct {
	// Connect returns the person's way to the world's server.
	Connect func(w *World, who *bundletest.Person) client.Transport
	// Carry does what happens between two visits of a person to their medium; nothing for a network.
	Carry func(w *World, who *bundletest.Person)
}

// Suite is what every way has to pass.
func Suite(t *testing.T, way Way) {
	for name, test := range map[string]func(*testing.T, *World, Way){
		"a read reaches the lead, and its receipt the reader": readReachesLead,
		"order is kept and nothing is doubled":                orderIsKept,
		"a reader learns nothing of others":                   nothingOfOthers,
		"a new definition reaches everybody":                  definitionReachesAll,
		"a revoked reader is refused":                         revokedIsRefused,
		"a restart between any two steps loses nothing":       restartsLoseNothing,
		"what the inbox refuses comes again":                  refusedComesAgain,
	} {
		t.Run(name, func(t *testing.T) {
			w := New(t)
			test(t, w, way)
			w.Check()
		})
	}
}

// visit is one sync and what happens to the medium afterwards.
func visit(t *testing.T, w *World, way Way, who *bundletest.Person, out *Outbox, in client.Inbox) (client.Report, error) {
	t.Helper()
	c := way.Connect(w, who)
	defer c.Close()
	report, err := c.Sync(context.Background(), out, in)
	if err == nil {
		way.Carry(w, who)
	}
	return report, err
}

// settle visits twice, which is enough for any way to deliver both directions.
func settle(t *testing.T, w *World, way Way, who *bundletest.Person, out *Outbox, in client.Inbox) {
	t.Helper()
	for range 2 {
		if _, err := visit(t, w, way, who, out, in); err != nil {
			t.Fatalf("%s: %v", who.Name, err)
		}
	}
}

func readReachesLead(t *testing.T, w *World, way Way) {
	var out Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1, []byte("bricks"))
	settle(t, w, way, w.Ann, &out, nil)
	receipt, err := wire.ParseReceipt(out.Receipts[address])
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := receipt.Verify(w.Server.LogKey(), w.Trust.Roster.Project, w.Ann.ReaderID(), address)
	if err != nil || leaf.Seq != 1 {
		t.Errorf("the receipt: %+v, %v", leaf, err)
	}
	in := NewInbox(w, w.Lead)
	settle(t, w, way, w.Lead, &Outbox{}, in)
	if !slices.Equal(in.Order, []project.Hash{address}) || in.Opened[address].Item != w.Item(1) {
		t.Errorf("the lead has %v", in.Order)
	}
}

func orderIsKept(t *testing.T, w *World, way Way) {
	var ann, ben Outbox
	var want []project.Hash
	for i := range 5 {
		want = append(want, ann.AddRead(t, w.Project, w.Ann, i))
	}
	settle(t, w, way, w.Ann, &ann, nil)
	want = append(want, ben.AddRead(t, w.Project, w.Ben, 1))
	settle(t, w, way, w.Ben, &ben, nil)
	want = append(want, ann.AddRead(t, w.Project, w.Ann, 9))
	settle(t, w, way, w.Ann, &ann, nil)
	in := NewInbox(w, w.Lead)
	for range 3 {
		settle(t, w, way, w.Lead, &Outbox{}, in)
	}
	if !slices.Equal(in.Order, want) || in.Repeats != 0 {
		t.Errorf("the lead has %d of %d, %d of them twice", len(in.Order), len(want), in.Repeats)
	}
	if left, _ := ann.Waiting(); len(left) > 0 {
		t.Errorf("%d wait still", len(left))
	}
}

func nothingOfOthers(t *testing.T, w *World, way Way) {
	var ann, ben Outbox
	ann.AddRead(t, w.Project, w.Ann, 1)
	ann.AddRead(t, w.Project, w.Ann, 2)
	settle(t, w, way, w.Ann, &ann, nil)
	first := ben.AddRead(t, w.Project, w.Ben, 1)
	in := NewInbox(w, w.Ben)
	settle(t, w, way, w.Ben, &ben, in)
	if len(in.Order) > 0 {
		t.Errorf("a reader received %d bundles", len(in.Order))
	}
	r, err := wire.ParseReceipt(ben.Receipts[first])
	if err != nil {
		t.Fatal(err)
	}
	if r.Index != 0 || len(r.Proof) != 0 {
		t.Errorf("the second reader's first receipt is number %d with %d hashes: it shows that somebody was there before", r.Index, len(r.Proof))
	}
}

func definitionReachesAll(t *testing.T, w *World, way Way) {
	var lead Outbox
	next := w.Next(t, func(d *project.Definition) { d.Project.Title = "Liver, second version" })
	address := lead.Add(t, w.Project, w.Lead, next.News)
	settle(t, w, way, w.Lead, &lead, nil)
	for _, who := range []*bundletest.Person{w.Ann, w.Ben, w.Judge} {
		in := NewInbox(w, who)
		settle(t, w, way, who, &Outbox{}, in)
		if !slices.Equal(in.Order, []project.Hash{address}) || in.Trust.Roster.Version != 2 {
			t.Errorf("%s has %d bundles and version %d", who.Name, len(in.Order), in.Trust.Roster.Version)
		}
	}
	var ann Outbox // and from now on the new version rules
	ann.AddRead(t, next, w.Ann, 1)
	settle(t, w, way, w.Ann, &ann, nil)
	if left, _ := ann.Waiting(); len(left) > 0 {
		t.Error("a read under the new version is not taken")
	}
}

func revokedIsRefused(t *testing.T, w *World, way Way) {
	var lead, ann Outbox
	next := w.Next(t, func(d *project.Definition) { d.Readers[1].Revoked = true })
	lead.Add(t, w.Project, w.Lead, next.News)
	settle(t, w, way, w.Lead, &lead, nil)
	ann.AddRead(t, w.Project, w.Ann, 1)
	c := way.Connect(w, w.Ann)
	defer c.Close()
	_, err := c.Sync(context.Background(), &ann, nil)
	carried := err == nil
	if carried { // on a medium nobody can refuse before the server has seen it
		way.Carry(w, w.Ann)
		_, err = c.Sync(context.Background(), &ann, nil)
	}
	if left, _ := ann.Waiting(); len(left) != 1 {
		t.Error("a revoked reader's bundle was taken")
	}
	if !carried && project.KindOf(err) != project.NotPermitted {
		t.Errorf("got %v", err)
	}
}

func restartsLoseNothing(t *testing.T, w *World, way Way) {
	var out Outbox
	in := NewInbox(w, w.Lead)
	var want []project.Hash
	receipts := map[project.Hash]string{}
	for i := range 4 {
		want = append(want, out.AddRead(t, w.Project, w.Ann, i))
		settle(t, w, way, w.Ann, &out, nil)
		w.Restart()
		settle(t, w, way, w.Lead, &Outbox{}, in)
		for h, r := range out.Receipts {
			if receipts[h] != "" && receipts[h] != string(r) {
				t.Error("a receipt has changed")
			}
			receipts[h] = string(r)
		}
		w.Restart()
	}
	if !slices.Equal(in.Order, want) || in.Repeats != 0 {
		t.Errorf("the lead has %d of %d, %d of them twice", len(in.Order), len(want), in.Repeats)
	}
}

func refusedComesAgain(t *testing.T, w *World, way Way) {
	var out Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1)
	settle(t, w, way, w.Ann, &out, nil)
	in := NewInbox(w, w.Lead)
	in.Refuse = project.Errorf(project.Full, "no space left")
	for range 2 {
		if _, err := visit(t, w, way, w.Lead, &Outbox{}, in); err != nil && project.KindOf(err) != project.Full {
			t.Errorf("got %v", err)
		}
	}
	in.Refuse = nil
	settle(t, w, way, w.Lead, &Outbox{}, in)
	if !slices.Equal(in.Order, []project.Hash{address}) {
		t.Errorf("the lead has %v", in.Order)
	}
}
