package store

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"hotlight/project"
	"hotlight/project/atomicfile"
	"hotlight/project/audit"
	"hotlight/project/edit"
)

const (
	emergencyName    = "emergency.hl"
	emergencyMagic   = "HLEMERG1"
	emergencyHeader  = 24
	emergencyReserve = 1 << 20 // allocated ahead, so that a full disk has room for it
	maxEmergency     = 256 << 20
)

// emergency is where edits go when the store cannot be written. The file in the folder has its blocks allocated; the second directory, if one
// was named, gets a file when it is needed.
type emergency struct {
	dir, second string
	id          storeID
	written     [2]int   // how many records each file has
	end         [2]int64 // where its next record goes
	taking      bool     // Open is taking the files in: what would be kept stands in them already
}

func (e *emergency) paths() []string {
	out := []string{filepath.Join(e.dir, emergencyName)}
	if e.second != "" {
		out = append(out, filepath.Join(e.second, "hotlight-"+hex.EncodeToString(e.id[:])+".emergency"))
	}
	return out
}

// keep brings all of kept into each file and reports whether at least one has them all.
//
// It is called with nothing to keep as well, so that the files say that a write failed (settle).
func (e *emergency) keep(s *Store, kept []*pendingEdit) (safe bool) {
	if e.taking {
		return true
	}
	for i, path := range e.paths() {
		if e.append(s, i, path, kept) == nil {
			safe = true
		}
	}
	return safe
}

// append adds to a file what of kept it does not have yet. What is there already is never written again, so it cannot be lost in a crash now.
func (e *emergency) append(s *Store, i int, path string, kept []*pendingEdit) error {
	out := []byte{}
	if e.end[i] == 0 {
		out = append([]byte(emergencyMagic), e.id[:]...)
	}
	for n := e.written[i]; n < len(kept); n++ {
		record, err := s.emergencyRecord(n, kept[n])
		if err != nil {
			return err
		}
		out = append(out, record...)
	}
	out = binary.BigEndian.AppendUint32(out, 0) // the end, in case something older lies behind
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return withoutPath(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(out, e.end[i]); err != nil {
		return withoutPath(err)
	}
	if err := f.Sync(); err != nil {
		return withoutPath(err)
	}
	if e.end[i] == 0 {
		if err := atomicfile.SyncDir(filepath.Dir(path)); err != nil {
			return err
		}
	}
	e.end[i] += int64(len(out)) - 4
	e.written[i] = len(kept)
	return nil
}

func (s *Store) emergencyRecord(n int, p *pendingEdit) ([]byte, error) {
	at, ok := s.readRow(p.read)
	if !ok {
		return nil, project.Errorf(project.NotFound, "there is no such read")
	}
	key, err := s.ring.sealer(slotKey{readSlot, at.read})
	if err != nil {
		return nil, err
	}
	body := append(row(at.read), key.seal(sEmergency, row(uint64(n)), p.record())...)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...), nil
}

// emergencyRecord is one record as it lies in a file.
type emergencyRecord struct {
	read   uint64
	sealed []byte
}

// parseEmergency reads a file's form. whole is false when it ends in something that is no record.
func parseEmergency(b []byte, id storeID) (records []emergencyRecord, whole bool) {
	if len(b) < emergencyHeader || bytes.Count(b[:emergencyHeader], []byte{0}) == emergencyHeader {
		return nil, true // a reserve that was never used
	}
	if string(b[:8]) != emergencyMagic || storeID(b[8:24]) != id {
		return nil, false
	}
	for b = b[emergencyHeader:]; len(b) >= 4; {
		n := binary.BigEndian.Uint32(b)
		if n == 0 {
			return records, true
		}
		if n < 8 || uint64(n) > uint64(len(b)-4) {
			return records, false
		}
		records = append(records, emergencyRecord{binary.BigEndian.Uint64(b[4:]), b[12 : 4+n]})
		b = b[4+n:]
	}
	return records, len(b) == 0
}

// Recovery says what Open found in emergency files, and whether the project file may be one write behind. The reader is to be told of Rejected and OneBack.
type Recovery struct {
	Taken    int  // changes that came back
	Known    int  // changes that had reached the store after all
	Rejected int  // changes or files that could not be taken; their file was kept under another name
	OneBack  bool // one of the two pages that name the newest state is damaged: the last write before may be missing
}

// Recovered returns what Open found.
func (s *Store) Recovered() Recovery { return s.recovery }

// recover takes in what emergency files hold and makes them ready for the next time. Should the disk fail meanwhile, the files stay as they are.
func (s *Store) recover() error {
	s.emergency.taking = true
	defer func() { s.emergency.taking = false }()
	for _, path := range s.emergency.paths() {
		b, err := readEmergency(path)
		if err != nil {
			return err
		}
		records, whole := parseEmergency(b, s.ring.id)
		rejected := s.recovery.Rejected
		if !whole {
			s.recovery.Rejected++
		}
		for n, r := range records {
			if err := s.takeIn(n, r); err != nil {
				return err
			}
		}
		if err := s.readyEmergency(path, b, s.recovery.Rejected > rejected); err != nil {
			return err
		}
	}
	return nil
}

func readEmergency(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, project.Errorf(project.Other, "open the emergency file: %w", withoutPath(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxEmergency))
	if err != nil {
		return nil, project.Errorf(project.Other, "read the emergency file: %w", withoutPath(err))
	}
	return b, nil
}

// takeIn appends one recovered edit, unless it is in the journal already. An error is one of the disk; a record that cannot be taken is counted.
func (s *Store) takeIn(n int, r emergencyRecord) error {
	id, ok := s.readByNumber(r.read)
	key, err := s.ring.sealer(slotKey{readSlot, r.read})
	if !ok || project.KindOf(err) == project.NotFound {
		s.recovery.Rejected++
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := key.open(sEmergency, row(uint64(n)), r.sealed)
	if err != nil {
		s.recovery.Rejected++
		return nil
	}
	entry, err := edit.ParseEntry(plain)
	if err != nil {
		s.recovery.Rejected++
		return nil
	}
	if have, err := s.Entry(id, entry.Seq); err == nil && bytes.Equal(have, plain) {
		s.recovery.Known++
		return nil
	}
	saved := s.appendEdit(&pendingEdit{read: id, entry: entry, typ: audit.ReadRecovered})
	<-saved.Done()
	switch err := saved.Err(); {
	case err == nil:
		s.recovery.Taken++
	case errors.Is(err, ErrFenced):
		return err
	default:
		s.recovery.Rejected++
	}
	return nil
}

// readyEmergency puts a used file aside if something in it could not be taken, and makes the reserve new.
func (s *Store) readyEmergency(path string, b []byte, keep bool) error {
	if keep {
		if err := os.Rename(path, path+"."+hex.EncodeToString(random(4))); err != nil {
			return project.Errorf(project.Other, "keep the emergency file: %w", withoutPath(err))
		}
		b = nil
	}
	if filepath.Dir(path) != filepath.Clean(s.dir) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return project.Errorf(project.Other, "remove the emergency file: %w", withoutPath(err))
		}
		return nil
	}
	if len(b) == emergencyReserve && b[0] == 0 {
		return nil
	}
	return writeReserve(path)
}

// writeReserve allocates the emergency file: zeros, really written.
func writeReserve(path string) error {
	if err := atomicfile.Write(path, make([]byte, emergencyReserve), 0o600); err != nil {
		return project.Errorf(kindOfIO(err), "make the emergency file: %w", err)
	}
	return nil
}
