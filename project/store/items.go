package store

import (
	"encoding/json"

	"hotlight/project"
	"hotlight/project/audit"
)

// itemRecord is an item as it is kept. A shredded one has nothing but that.
type itemRecord struct {
	Item
	Images   int  `json:"images"`
	Shredded bool `json:"shredded,omitempty"`
}

func (s *Store) itemRow(id project.ItemID) (uint64, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n, ok := s.items[id]
	return n, ok
}

// AddItem adds a work item with the index of its images, under a new study key. Conflict if it is there already; Invalid if the ID is not the study's
// (project.NewItemID with the definition's case key) or a number in it is not finite.
func (s *Store) AddItem(it Item) error {
	def, _ := s.definition()
	if it.ID != project.NewItemID(def.CaseKey, it.Study) {
		return project.Errorf(project.Invalid, "the item's id does not belong to its study")
	}
	if len(it.Images) == 0 {
		return project.Errorf(project.Invalid, "an item needs at least one image")
	}
	instances := 0
	for _, image := range it.Images {
		instances += len(image.Instances)
	}
	if err := s.room(instances * InstanceBytes); err != nil {
		return err
	}
	return s.update(func(t *tx) error {
		if _, there := s.itemRow(it.ID); there {
			return project.Errorf(project.Conflict, "this study is in the project already")
		}
		n := t.counts.Items + 1
		if err := t.ring.add(slotKey{studySlot, n}); err != nil {
			return err
		}
		study, err := t.ring.sealer(slotKey{studySlot, n})
		if err != nil {
			return err
		}
		if err := t.putJSON(study, bItem, row(n), itemRecord{Item: it, Images: len(it.Images)}); err != nil {
			return err
		}
		if err := t.putImages(study, n, it.Images); err != nil {
			return err
		}
		t.counts.Items++
		t.counts.Images += uint64(len(it.Images))
		t.after = append(t.after, func() { s.setItem(it.ID, n) })
		return t.event(audit.ItemAdded, string(it.ID), storeScope, nil)
	})
}

func (s *Store) setItem(id project.ItemID, n uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[id] = n
}

func (t *tx) putImages(study *sealer, n uint64, images []Image) error {
	for i, image := range images {
		if err := t.putJSON(study, bImage, row(n, uint64(i)), image); err != nil {
			return err
		}
	}
	return nil
}

// Items returns all items in the order in which they were added, without their images. Shredded ones are left out.
func (s *Store) Items() (out []Item, err error) {
	err = s.view(func(t *tx) error {
		for n := uint64(1); n <= t.counts.Items; n++ {
			it, err := t.item(n, false)
			if err == error(ErrShredded) {
				continue
			}
			if err != nil {
				return err
			}
			out = append(out, it)
		}
		return nil
	})
	return out, err
}

// Item returns an item with its images.
func (s *Store) Item(id project.ItemID) (it Item, err error) {
	err = s.view(func(t *tx) error {
		n, ok := s.itemRow(id)
		if !ok {
			return project.Errorf(project.NotFound, "the project has no item by that name")
		}
		it, err = t.item(n, true)
		return err
	})
	return it, err
}

func (t *tx) item(n uint64, images bool) (Item, error) {
	study, err := t.ring.sealer(slotKey{studySlot, n})
	if err != nil {
		return Item{}, shredded(err)
	}
	var rec itemRecord
	if err := t.getJSON(study, bItem, row(n), &rec); err != nil {
		return Item{}, err
	}
	if !images {
		return rec.Item, nil
	}
	rec.Item.Images = make([]Image, rec.Images)
	for i := range rec.Item.Images {
		if err := t.getJSON(study, bImage, row(n, uint64(i)), &rec.Item.Images[i]); err != nil {
			return Item{}, err
		}
	}
	return rec.Item, nil
}

// NoteFiles notes where files of an item are now and what they look like. found gives the place of each file by the SHA-256 of its bytes; files that
// it does not name keep theirs. A path that is another now is an event; nothing is written when nothing is new.
func (s *Store) NoteFiles(id project.ItemID, found map[project.Hash]Place) error {
	return s.update(func(t *tx) error {
		n, ok := s.itemRow(id)
		if !ok {
			return project.Errorf(project.NotFound, "the project has no item by that name")
		}
		it, err := t.item(n, true)
		if err != nil {
			return err
		}
		moved, seen := it.note(found)
		if !moved && !seen {
			return nil
		}
		study, err := t.ring.sealer(slotKey{studySlot, n})
		if err != nil {
			return err
		}
		if err := t.putImages(study, n, it.Images); err != nil || !moved {
			return err
		}
		return t.event(audit.ItemMoved, string(id), storeScope, nil)
	})
}

// note takes the places of files in, and reports whether any has another path, and whether any looks other than it did.
func (it *Item) note(found map[project.Hash]Place) (moved, seen bool) {
	for i := range it.Images {
		for k := range it.Images[i].Instances {
			in := &it.Images[i].Instances[k]
			at, ok := found[in.SHA256]
			if !ok || at == in.Place {
				continue
			}
			moved, seen = moved || at.Path != in.Path, true
			in.Place = at
		}
	}
	return moved, seen
}

// Shred destroys the keys of an item and of its reads, so that this program cannot read them any more. Copies of the key slots that exist elsewhere
// (backups, flash) are not reached. Only the lead may, and nothing that was signed is shredded before it was committed.
func (s *Store) Shred(id project.ItemID) error {
	return s.update(func(t *tx) error {
		n, ok := s.itemRow(id)
		if !ok {
			return project.Errorf(project.NotFound, "the project has no item by that name")
		}
		if s.actor().Role != project.Lead {
			return project.Errorf(project.NotPermitted, "only the lead shreds an item")
		}
		gone := map[slotKey]bool{{studySlot, n}: true}
		err := t.readsOf(n, func(at readRow, rec *readRecord) error {
			if rec.State == project.Signed {
				return project.Errorf(project.NotPermitted, "a signed read of this item has no receipt yet")
			}
			gone[slotKey{readSlot, at.read}] = true
			return nil
		})
		if err != nil {
			return err
		}
		if err := t.putJSON(t.store, bItem, row(n), itemRecord{Shredded: true}); err != nil {
			return err
		}
		if err := t.event(audit.ItemShredded, string(id), storeScope, nil); err != nil {
			return err
		}
		// The slots go after the commit: a crash between the two leaves an item that says shredded and whose keys Open then drops.
		t.after = append(t.after, func() { s.forgetItem(id, n) })
		t.dropped = gone
		return nil
	})
}

func (s *Store) forgetItem(id project.ItemID, n uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, id)
	for read, at := range s.reads {
		if at.item == n {
			delete(s.reads, read)
		}
	}
}

// isShredded reports whether the item's record says so; its slots may still be there after a crash.
func (t *tx) isShredded(n uint64) bool {
	v := t.raw(bItem, row(n))
	if v == nil {
		return false
	}
	plain, err := t.store.open(bItem, row(n), v)
	var rec itemRecord
	return err == nil && json.Unmarshal(plain, &rec) == nil && rec.Shredded
}
