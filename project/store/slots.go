package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"

	"hotlight/project"
	"hotlight/project/atomicfile"
)

const (
	slotsName    = "slots.hl"
	slotsMagic   = "HLSLOTS1"
	slotsVersion = 1
	slotsHeader  = 64
	maxSlot      = 64 << 10 // a real one has at most 3.3 KB
	maxSlots     = 1 << 30
	slotOverhead = 4 + 1 + 8 + sha256.Size
)

type slotType byte

const (
	storeSlot slotType = 1
	studySlot slotType = 2
	readSlot  slotType = 3
)

// slot is one wrapped key.
type slot struct {
	typ    slotType
	number uint64
	body   []byte
}

// slotFile is the parsed file. Records are not authentic before verify.
type slotFile struct {
	header  []byte
	records []slot
	macs    [][]byte
	end     int64 // where the next record goes
	rest    int   // bytes behind the last whole record
}

func newSlotHeader(id storeID, owner project.ReaderID) []byte {
	h := make([]byte, slotsHeader)
	copy(h, slotsMagic)
	binary.BigEndian.PutUint32(h[8:], slotsVersion)
	copy(h[12:], id[:])
	copy(h[28:], owner)
	return h
}

func (f *slotFile) id() storeID             { return storeID(f.header[12:28]) }
func (f *slotFile) owner() project.ReaderID { return project.ReaderID(f.header[28:54]) }

// parseSlots reads the file's form. A last record that is cut short is left out.
func parseSlots(b []byte) (*slotFile, error) {
	if len(b) < slotsHeader || string(b[:8]) != slotsMagic {
		if len(b) >= 7 && string(b[:7]) == slotsMagic[:7] {
			return nil, project.Errorf(project.Unsupported, "the key slots of this project were written by a newer Hotlight")
		}
		return nil, damaged("this is not a key-slot file")
	}
	if v := binary.BigEndian.Uint32(b[8:]); v != slotsVersion {
		return nil, project.Errorf(project.Unsupported, "the key slots of this project have version %d; this Hotlight knows version %d", v, slotsVersion)
	}
	if !bytes.Equal(b[54:slotsHeader], make([]byte, slotsHeader-54)) {
		return nil, damaged("the key-slot file's header is damaged")
	}
	f := &slotFile{header: b[:slotsHeader], end: slotsHeader}
	for at := slotsHeader; ; {
		if len(b)-at < slotOverhead {
			f.rest = len(b) - at
			return f, nil
		}
		n := int(binary.BigEndian.Uint32(b[at:]))
		if n > maxSlot || len(b)-at < slotOverhead+n {
			f.rest = len(b) - at
			return f, nil
		}
		body := at + 13
		f.records = append(f.records, slot{slotType(b[at+4]), binary.BigEndian.Uint64(b[at+5:]), b[body : body+n]})
		f.macs = append(f.macs, b[body+n:body+n+sha256.Size])
		at += slotOverhead + n
		f.end = int64(at)
	}
}

// verify checks the MAC of every record. Records at the end that do not verify are left out like one that is cut short: after a power failure a file
// may end in anything. Whoever needs a slot that is gone by this says so (tx.loadItem), before anything is written over it.
func (f *slotFile) verify(macKey []byte) error {
	at, good := int64(slotsHeader), 0
	end := at
	for i, r := range f.records {
		ok := hmac.Equal(slotMAC(macKey, f.header, at, r), f.macs[i])
		at += int64(slotOverhead + len(r.body))
		if ok && good == i {
			good, end = i+1, at
		} else if ok {
			return damaged("a key slot is damaged")
		}
	}
	if good == 0 {
		return damaged("the store's own key slot is damaged")
	}
	f.rest += int(f.end - end)
	f.records, f.end = f.records[:good], end
	return nil
}

func slotMAC(key, header []byte, at int64, r slot) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(header)
	mac.Write(row(uint64(at)))
	mac.Write(r.head())
	mac.Write(r.body)
	return mac.Sum(nil)
}

func (r slot) head() []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(r.body)))
	out = append(out, byte(r.typ))
	return binary.BigEndian.AppendUint64(out, r.number)
}

func (r slot) marshal(key, header []byte, at int64) []byte {
	out := append(r.head(), r.body...)
	return append(out, slotMAC(key, header, at, r)...)
}

// marshalSlots writes a whole file.
func marshalSlots(key, header []byte, records []slot) []byte {
	out := bytes.Clone(header)
	for _, r := range records {
		out = append(out, r.marshal(key, header, int64(len(out)))...)
	}
	return out
}

func readSlots(dir string) (*slotFile, error) {
	path := filepath.Join(dir, slotsName)
	info, err := os.Stat(path)
	if err != nil {
		return nil, project.Errorf(project.NotFound, "the project's key slots are not there: %w", withoutPath(err))
	}
	if info.Size() > maxSlots {
		return nil, damaged("the key-slot file is too large")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, project.Errorf(project.Other, "read the key slots: %w", withoutPath(err))
	}
	return parseSlots(b)
}

// appendSlots adds records at f.end and syncs. What lay behind, a record that was cut short, goes.
func (f *slotFile) appendSlots(dir string, key []byte, records []slot) error {
	var out []byte
	for _, r := range records {
		out = append(out, r.marshal(key, f.header, f.end+int64(len(out)))...)
	}
	h, err := os.OpenFile(filepath.Join(dir, slotsName), os.O_WRONLY, 0)
	if err != nil {
		return withoutPath(err)
	}
	defer h.Close()
	if f.rest > 0 {
		if err := h.Truncate(f.end); err != nil {
			return withoutPath(err)
		}
	}
	if _, err := h.WriteAt(out, f.end); err != nil {
		return withoutPath(err)
	}
	if err := h.Sync(); err != nil {
		return withoutPath(err)
	}
	f.records = append(f.records, records...)
	f.end, f.rest = f.end+int64(len(out)), 0
	return nil
}

// rewrite replaces the file by one with these records only.
func (f *slotFile) rewrite(dir string, key []byte, records []slot) error {
	b := marshalSlots(key, f.header, records)
	if err := atomicfile.Write(filepath.Join(dir, slotsName), b, 0o600); err != nil {
		return err
	}
	f.records, f.end, f.rest = records, int64(len(b)), 0
	return nil
}
